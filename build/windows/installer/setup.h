#define WIN32_LEAN_AND_MEAN
#define _WIN32_WINNT 0x0A00
#define UNICODE
#include <windows.h>

int OnAir(int everybody);
int EndDesks(int everybody);
int Run(WCHAR *line, void (*said)(void *, const char *), void *with);
int JoinSaying(const WCHAR *folder, const WCHAR *station, const WCHAR *code, const WCHAR *key, int machine,
               void (*said)(void *, const char *), void *with);
int CommandSaying(const WCHAR *folder, const WCHAR *command, void (*said)(void *, const char *), void *with);
int IsService(void);
int Service(int start);
int NeedsWebView2(void);
void Sweep(int everybody, int purge);

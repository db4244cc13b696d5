/* What the installer and the MSI do beside copying files. Both use this library: the installer calls what takes plain
   arguments, Windows Installer the custom actions of msi.c. */
#include "setup.h"

#include <sddl.h>
#include <shellapi.h>
#include <stdio.h>

#define ENDS 30 /* seconds that a desk may take to end in order, and a service to start or to end */
#define FREES 5 /* seconds that a program may be in use after it has ended */

/* exists tells whether a named mutex is there, also one that belongs to somebody else. */
static int exists(const WCHAR *name) {
    HANDLE mutex = OpenMutexW(SYNCHRONIZE, FALSE, name);
    if (!mutex) return GetLastError() == ERROR_ACCESS_DENIED;
    CloseHandle(mutex);
    return 1;
}

/* called makes the name of what desks hold: of everybody's, or of this user's alone, which says whose they are. */
static const WCHAR *called(WCHAR name[256], const WCHAR *what, int everybody) {
    BYTE of[sizeof(TOKEN_USER) + SECURITY_MAX_SID_SIZE];
    WCHAR *user = NULL;
    DWORD size;
    HANDLE token;
    if (!everybody && OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token)) {
        if (GetTokenInformation(token, TokenUser, of, sizeof of, &size)) ConvertSidToStringSidW(((TOKEN_USER *)of)->User.Sid, &user);
        CloseHandle(token);
    }
    wsprintfW(name, L"Global\\Callin-%s%s%s", what, user ? L"-" : L"", user ? user : L"");
    LocalFree(user);
    return name;
}

/* OnAir tells whether a desk has somebody on air, of everybody's of this computer or of this user's. */
__declspec(dllexport) int OnAir(int everybody) {
    WCHAR name[256];
    return exists(called(name, L"OnAir", everybody));
}

/* EndDesks has these desks end in order; it is 1 if one is still there. Desks end whenever they see the event, so it is
   taken back: one that has somebody on air now would end later. */
__declspec(dllexport) int EndDesks(int everybody) {
    int waited = 0;
    WCHAR name[256];
    HANDLE end = OpenEventW(EVENT_MODIFY_STATE, FALSE, called(name, L"End", everybody));
    if (end) SetEvent(end);
    called(name, L"Desk", everybody);
    while (exists(name) && waited++ < ENDS * 10) Sleep(100);
    if (end) {
        ResetEvent(end);
        CloseHandle(end);
    }
    return exists(name);
}

/* Option finds /NAME or /NAME=VALUE in the command line of the installer; value has room for 1024 letters. NSIS's own
   macro for that ends a value where an address has its //. */
__declspec(dllexport) int Option(const WCHAR *name, WCHAR *value) {
    int n = 0, found = 0;
    size_t length = wcslen(name);
    WCHAR **words = CommandLineToArgvW(GetCommandLineW(), &n);
    *value = 0;
    for (int i = 1; words && i < n && !found; i++) {
        if (words[i][0] != '/' || _wcsnicmp(words[i] + 1, name, length)) continue;
        const WCHAR *rest = words[i] + 1 + length;
        found = !*rest || *rest == '=';
        if (*rest == '=') lstrcpynW(value, rest + 1, 1024);
    }
    LocalFree(words);
    return found;
}

/* KeyIn reads the key that is the first line of a file, as whatever editor has written it: UTF-8, or UTF-16 that says so.
   key has room for 1024 letters; it is 0 where the file cannot be read, has no key or is none. */
__declspec(dllexport) int KeyIn(const WCHAR *file, WCHAR *key) {
    BYTE text[2048 + 2];
    WCHAR line[1024];
    DWORD size = 0;
    int n = 0, from = 0, to = 0;
    *key = 0;
    HANDLE in = CreateFileW(file, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);
    if (in == INVALID_HANDLE_VALUE) return 0;
    if (!ReadFile(in, text, sizeof text, &size, NULL) || size == sizeof text) size = 0;
    CloseHandle(in);
    if (size >= 2 && ((text[0] == 0xff && text[1] == 0xfe) || (text[0] == 0xfe && text[1] == 0xff))) {
        int high = text[0] == 0xff; /* which of two bytes counts more */
        for (DWORD i = 2; i + 1 < size && n < 1023; i += 2) line[n++] = text[i + high] << 8 | text[i + !high];
    } else {
        int mark = size >= 3 && !memcmp(text, "\xef\xbb\xbf", 3) ? 3 : 0;
        if ((int)size > mark) n = MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, (char *)text + mark, size - mark, line, 1023);
    }
    while (from < n && wcschr(L" \t\r\n", line[from])) from++;
    for (to = from; to < n && line[to] >= ' '; to++) {}
    while (to > from && line[to - 1] == ' ') to--;
    line[to] = 0;
    wcscpy(key, line + from);
    SecureZeroMemory(text, sizeof text);
    SecureZeroMemory(line, sizeof line);
    return *key != 0;
}

/* Replace puts both programs, which lie beside those of before as NAME.new, in their place, or neither, which is 1. One
   that runs is not replaced; who has just ended may have its program for a moment still. */
__declspec(dllexport) int Replace(const WCHAR *folder) {
    static const WCHAR *const programs[] = {L"callin.exe", L"callin.com"};
    WCHAR now[2][1024], new[2][1024], old[2][1024];
    int away = 0, placed = 0, waited = 0;
    if (wcslen(folder) > 1000) return 1;
    for (int i = 0; i < 2; i++) {
        wsprintfW(now[i], L"%s\\%s", folder, programs[i]);
        wsprintfW(new[i], L"%s.new", now[i]);
        wsprintfW(old[i], L"%s.old", now[i]);
        for (;;) {
            HANDLE is = CreateFileW(now[i], GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL, OPEN_EXISTING, 0, NULL);
            if (is != INVALID_HANDLE_VALUE) CloseHandle(is);
            else if (GetLastError() != ERROR_FILE_NOT_FOUND) {
                if (waited++ == FREES * 10) return 1;
                Sleep(100);
                continue;
            }
            break;
        }
    }
    for (; placed < 2; placed++, away++) {
        if (!MoveFileExW(now[placed], old[placed], MOVEFILE_REPLACE_EXISTING) && GetLastError() != ERROR_FILE_NOT_FOUND) break;
        if (!MoveFileExW(new[placed], now[placed], MOVEFILE_WRITE_THROUGH)) {
            away++;
            break;
        }
    }
    int failed = placed < 2;
    for (int i = 0; failed && i < away; i++) {
        if (i < placed) DeleteFileW(now[i]);
        MoveFileExW(old[i], now[i], 0);
    }
    for (int i = 0; !failed && i < 2; i++) DeleteFileW(old[i]);
    return failed;
}

/* Run runs a program without a window and hands each line that it says to said; it is the program's exit code. */
int Run(WCHAR *line, void (*said)(void *, const char *), void *with) {
    SECURITY_ATTRIBUTES inherits = {sizeof inherits, NULL, TRUE};
    STARTUPINFOW start = {.cb = sizeof start, .dwFlags = STARTF_USESTDHANDLES};
    PROCESS_INFORMATION process;
    HANDLE from, to;
    DWORD code = 1;
    if (!CreatePipe(&from, &to, &inherits, 0)) return 1;
    SetHandleInformation(from, HANDLE_FLAG_INHERIT, 0);
    start.hStdOutput = start.hStdError = to;
    BOOL runs = CreateProcessW(NULL, line, NULL, NULL, TRUE, CREATE_NO_WINDOW, NULL, NULL, &start, &process);
    CloseHandle(to);
    if (runs) {
        char text[1024];
        DWORD n, have = 0;
        while (ReadFile(from, text + have, sizeof text - 1 - have, &n, NULL) && n) {
            have += n;
            text[have] = 0;
            char *next = text, *end;
            while ((end = strpbrk(next, "\r\n")) || have == sizeof text - 1) {
                if (end) *end = 0;
                if (*next && said) said(with, next);
                next = end ? end + 1 : text + have;
                if (!end) break;
            }
            have -= next - text;
            memmove(text, next, have);
        }
        text[have] = 0;
        if (have && said) said(with, text);
        WaitForSingleObject(process.hProcess, INFINITE);
        GetExitCodeProcess(process.hProcess, &code);
        CloseHandle(process.hProcess);
        CloseHandle(process.hThread);
    }
    CloseHandle(from);
    return code;
}

/* handed writes a secret into a file that only who installs and administrators can open, for a program that is told of
   the file: a command line can be read by everybody. */
static int handed(const WCHAR *secret, WCHAR file[MAX_PATH]) {
    WCHAR folder[MAX_PATH];
    char text[1024];
    DWORD written = 0;
    SECURITY_ATTRIBUTES own = {sizeof own, NULL, FALSE};
    if (!GetTempPathW(MAX_PATH, folder)) return 0;
    _snwprintf(file, MAX_PATH, L"%scallin-%08x-%08x", folder, GetCurrentProcessId(), GetTickCount());
    if (!ConvertStringSecurityDescriptorToSecurityDescriptorW(L"D:P(A;;FA;;;SY)(A;;FA;;;BA)(A;;FA;;;OW)", SDDL_REVISION_1,
                                                              &own.lpSecurityDescriptor, NULL))
        return 0;
    HANDLE to = CreateFileW(file, GENERIC_WRITE, 0, &own, CREATE_NEW, FILE_ATTRIBUTE_TEMPORARY, NULL);
    LocalFree(own.lpSecurityDescriptor);
    if (to == INVALID_HANDLE_VALUE) return 0;
    int length = WideCharToMultiByte(CP_UTF8, 0, secret, -1, text, sizeof text, NULL, NULL) - 1;
    int done = length > 0 && WriteFile(to, text, length, &written, NULL) && (int)written == length;
    SecureZeroMemory(text, sizeof text);
    CloseHandle(to);
    return done;
}

/* JoinSaying pairs this PC, or this user of it, with a station by a code or a key. */
int JoinSaying(const WCHAR *folder, const WCHAR *station, const WCHAR *code, const WCHAR *key, int machine,
               void (*said)(void *, const char *), void *with) {
    WCHAR line[4096], file[MAX_PATH];
    if (wcspbrk(station, L"\"\r\n") || wcslen(station) > 1024) return 2;
    if (!handed(*key ? key : code, file)) return 1;
    _snwprintf(line, sizeof line / sizeof *line, L"\"%s\\callin.com\" join --station \"%s\" --%s-file \"%s\"%s", folder, station, *key ? L"key" : L"code", file,
              machine ? L" --machine" : L"");
    int refused = Run(line, said, with);
    DeleteFileW(file);
    return refused;
}

__declspec(dllexport) int Join(const WCHAR *folder, const WCHAR *station, const WCHAR *code, const WCHAR *key, int machine) {
    return JoinSaying(folder, station, code, key, machine, NULL, NULL);
}

/* Command runs one command of Callin. */
int CommandSaying(const WCHAR *folder, const WCHAR *command, void (*said)(void *, const char *), void *with) {
    WCHAR line[2048];
    _snwprintf(line, sizeof line / sizeof *line, L"\"%s\\callin.com\" %s", folder, command);
    return Run(line, said, with);
}

__declspec(dllexport) int Command(const WCHAR *folder, const WCHAR *command) { return CommandSaying(folder, command, NULL, NULL); }

/* IsService tells whether a station is a service of this computer. */
__declspec(dllexport) int IsService(void) {
    HKEY key;
    if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, L"SYSTEM\\CurrentControlSet\\Services\\Callin", 0, KEY_READ, &key)) return 0;
    RegCloseKey(key);
    return 1;
}

/* Service starts the station's service and waits until it runs, or ends it and waits until it has ended; it is 0 if that was
   done. One that is just ending is started when it has ended. */
__declspec(dllexport) int Service(int start) {
    const DWORD wanted = start ? SERVICE_RUNNING : SERVICE_STOPPED;
    int failed = 1, told = 0;
    SC_HANDLE services = OpenSCManagerW(NULL, NULL, SC_MANAGER_CONNECT), service = NULL;
    if (services) service = OpenServiceW(services, L"Callin", SERVICE_START | SERVICE_STOP | SERVICE_QUERY_STATUS);
    if (service) {
        SERVICE_STATUS now;
        for (int waited = 0; waited < ENDS * 10 && QueryServiceStatus(service, &now); waited++) {
            failed = now.dwCurrentState != wanted;
            if (!failed) break;
            if (start && now.dwCurrentState == SERVICE_STOPPED && (told || !StartServiceW(service, 0, NULL))) {
                failed = told || GetLastError() != ERROR_SERVICE_DISABLED; /* which somebody wants so */
                break;
            }
            told |= start;
            if (!start && now.dwCurrentState == SERVICE_RUNNING && !told++) ControlService(service, SERVICE_CONTROL_STOP, &now);
            Sleep(100);
        }
        CloseServiceHandle(service);
    }
    if (services) CloseServiceHandle(services);
    return failed;
}

/* NeedsWebView2 tells whether the runtime of the window is missing, as Microsoft documents it. */
__declspec(dllexport) int NeedsWebView2(void) {
    static const WCHAR *const places[] = {
        L"SOFTWARE\\WOW6432Node\\Microsoft\\EdgeUpdate\\Clients\\{F3017226-FE2A-4295-8BDF-00C3A9A7E4C5}",
        L"SOFTWARE\\Microsoft\\EdgeUpdate\\Clients\\{F3017226-FE2A-4295-8BDF-00C3A9A7E4C5}",
    };
    HKEY roots[] = {HKEY_LOCAL_MACHINE, HKEY_LOCAL_MACHINE, HKEY_CURRENT_USER};
    for (int i = 0; i < 3; i++) {
        WCHAR version[64] = L"";
        DWORD size = sizeof version;
        if (!RegGetValueW(roots[i], places[i > 0], L"pv", RRF_RT_REG_SZ, NULL, version, &size) && *version && wcscmp(version, L"0.0.0.0"))
            return 0;
    }
    return 1;
}

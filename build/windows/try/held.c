/* Stands in for a desk: held.exe NAME… holds the named mutexes until it is killed. */
#include <stdio.h>
#include <windows.h>

int wmain(int argc, WCHAR **argv) {
    for (int i = 1; i < argc; i++)
        if (!CreateMutexW(NULL, FALSE, argv[i])) return 1;
    puts("held");
    fflush(stdout);
    Sleep(INFINITE);
    return 0;
}

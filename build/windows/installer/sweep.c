/* What an uninstaller takes away beside the files that were installed. */
#include "setup.h"

#include <shlobj.h>

#define LONGEST 1024 /* letters of a path */

/* removed removes a folder with what is in it. A link in it goes and what it leads to stays: folders of users are removed
   by an administrator, and a user could have linked anything there. */
static void removed(const WCHAR *folder) {
    DWORD is = GetFileAttributesW(folder);
    if (is == INVALID_FILE_ATTRIBUTES) return;
    if (!(is & FILE_ATTRIBUTE_DIRECTORY)) {
        SetFileAttributesW(folder, FILE_ATTRIBUTE_NORMAL);
        DeleteFileW(folder);
        return;
    }
    if (!(is & FILE_ATTRIBUTE_REPARSE_POINT)) {
        WCHAR path[LONGEST];
        WIN32_FIND_DATAW found;
        if (wcslen(folder) + MAX_PATH + 2 > LONGEST) return;
        wsprintfW(path, L"%s\\*", folder);
        HANDLE list = FindFirstFileW(path, &found);
        if (list != INVALID_HANDLE_VALUE) {
            do {
                if (!wcscmp(found.cFileName, L".") || !wcscmp(found.cFileName, L"..")) continue;
                wcscpy(path, folder);
                wcscat(path, L"\\");
                wcscat(path, found.cFileName);
                removed(path);
            } while (FindNextFileW(list, &found));
            FindClose(list);
        }
    }
    RemoveDirectoryW(folder);
}

/* swept removes what Callin has in the folders of one user: what WebView2 keeps for its window, and all that Callin itself
   keeps if that was asked for. */
static void swept(const WCHAR *home, int purge) {
    WCHAR path[LONGEST];
    if (wcslen(home) > MAX_PATH) return;
    wsprintfW(path, L"%s\\AppData\\Roaming\\callin.exe", home);
    removed(path);
    wsprintfW(path, L"%s\\.callin", home);
    if (purge) removed(path);
}

/* unstarted takes Callin out of what Windows starts when a user logs in. */
static void unstarted(HKEY user) {
    static const WCHAR *const places[] = {
        L"Software\\Microsoft\\Windows\\CurrentVersion\\Run",
        L"Software\\Microsoft\\Windows\\CurrentVersion\\Explorer\\StartupApproved\\Run",
    };
    for (int i = 0; i < 2; i++) {
        HKEY run;
        if (RegOpenKeyExW(user, places[i], 0, KEY_SET_VALUE, &run)) continue;
        RegDeleteValueW(run, L"Callin");
        RegCloseKey(run);
    }
}

/* Sweep removes what Callin has outside of its folder, of this user or of everybody. Without purge settings, records and
   calls stay. */
__declspec(dllexport) void Sweep(int everybody, int purge) {
    WCHAR path[MAX_PATH], name[256];
    if (!everybody) {
        unstarted(HKEY_CURRENT_USER);
        if (!SHGetFolderPathW(NULL, CSIDL_PROFILE, NULL, 0, path)) swept(path, purge);
        return;
    }
    HKEY list;
    if (!RegOpenKeyExW(HKEY_LOCAL_MACHINE, L"SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\ProfileList", 0, KEY_READ | KEY_WOW64_64KEY, &list)) {
        for (DWORD i = 0, n = 256; !RegEnumKeyExW(list, i, name, &n, NULL, NULL, NULL, NULL); i++, n = 256) {
            DWORD size = sizeof path;
            if (!RegGetValueW(list, name, L"ProfileImagePath", RRF_RT_REG_SZ, NULL, path, &size)) swept(path, purge);
        }
        RegCloseKey(list);
    }
    for (DWORD i = 0, n = 256; !RegEnumKeyExW(HKEY_USERS, i, name, &n, NULL, NULL, NULL, NULL); i++, n = 256) {
        HKEY user;
        if (RegOpenKeyExW(HKEY_USERS, name, 0, KEY_READ, &user)) continue;
        unstarted(user);
        RegCloseKey(user);
    }
    if (!SHGetFolderPathW(NULL, CSIDL_COMMON_APPDATA, NULL, 0, path) && purge) {
        WCHAR all[MAX_PATH + 16];
        wsprintfW(all, L"%s\\Callin", path);
        removed(all);
    }
}

/* What an uninstaller takes away beside the files that were installed. */
#include "setup.h"

#include <shlobj.h>
#include <winternl.h>

#define LONGEST 1024 /* letters of a path */
#define DEEPEST 64   /* folders in folders; WebView2 has some ten */
#define EVERY_SHARE (FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE)

/* opened opens what lies in a folder under a name, and says what it is; never what a link leads to. What is open stays what
   it is, whatever is made of its path meanwhile: folders of users are swept by an administrator, and a user could put
   anything there. Windows opens a link itself; Wine opens what it leads to, which then lies elsewhere. */
static HANDLE opened(HANDLE folder, const WCHAR *name, ACCESS_MASK access, DWORD *is) {
    WCHAR above[LONGEST], at[LONGEST];
    HANDLE file;
    UNICODE_STRING called;
    OBJECT_ATTRIBUTES what;
    IO_STATUS_BLOCK status;
    BY_HANDLE_FILE_INFORMATION about;
    RtlInitUnicodeString(&called, name);
    InitializeObjectAttributes(&what, &called, OBJ_CASE_INSENSITIVE, folder, NULL);
    if (NtOpenFile(&file, access | FILE_READ_ATTRIBUTES | SYNCHRONIZE, &what, &status, EVERY_SHARE, FILE_SYNCHRONOUS_IO_NONALERT | FILE_OPEN_REPARSE_POINT))
        return NULL;
    DWORD n = GetFinalPathNameByHandleW(folder, above, LONGEST, VOLUME_NAME_NONE), all = GetFinalPathNameByHandleW(file, at, LONGEST, VOLUME_NAME_NONE);
    if (n && n < LONGEST && all == n + 1 + wcslen(name) && all < LONGEST && !_wcsnicmp(at, above, n) && !_wcsicmp(at + n + 1, name) &&
        GetFileInformationByHandle(file, &about)) {
        *is = about.dwFileAttributes;
        return file;
    }
    CloseHandle(file);
    return NULL;
}

/* below opens a folder by its path below another, on which there is no link. */
static HANDLE below(HANDLE folder, const WCHAR *path) {
    HANDLE at = folder;
    for (size_t n; at && *path; path += n + (path[n] == '\\')) {
        WCHAR name[64] = L"";
        DWORD is;
        n = wcscspn(path, L"\\");
        lstrcpynW(name, path, n + 1);
        HANDLE next = opened(at, name, FILE_LIST_DIRECTORY, &is);
        if (at != folder) CloseHandle(at);
        if (next && is & FILE_ATTRIBUTE_REPARSE_POINT) {
            CloseHandle(next);
            next = NULL;
        }
        at = next;
    }
    return at;
}

/* removed removes what lies in a folder under a name, with what is in it. A link goes and what it leads to stays. */
static void removed(HANDLE folder, const WCHAR *name, int depth) {
    union {
        FILE_ID_BOTH_DIR_INFO first;
        BYTE all[4096];
    } list;
    FILE_BASIC_INFO plain = {.FileAttributes = FILE_ATTRIBUTE_NORMAL};
    FILE_DISPOSITION_INFO goes = {TRUE};
    DWORD is;
    HANDLE file = depth < DEEPEST ? opened(folder, name, DELETE | FILE_LIST_DIRECTORY | FILE_WRITE_ATTRIBUTES, &is) : NULL;
    if (!file) return;
    if (is & FILE_ATTRIBUTE_DIRECTORY && !(is & FILE_ATTRIBUTE_REPARSE_POINT)) {
        FILE_INFO_BY_HANDLE_CLASS from = FileIdBothDirectoryRestartInfo;
        for (; GetFileInformationByHandleEx(file, from, &list, sizeof list); from = FileIdBothDirectoryInfo) {
            for (FILE_ID_BOTH_DIR_INFO *found = &list.first;; found = (FILE_ID_BOTH_DIR_INFO *)((BYTE *)found + found->NextEntryOffset)) {
                WCHAR in[MAX_PATH];
                lstrcpynW(in, found->FileName, min(MAX_PATH, found->FileNameLength / sizeof *in + 1));
                if (wcscmp(in, L".") && wcscmp(in, L"..")) removed(file, in, depth + 1);
                if (!found->NextEntryOffset) break;
            }
        }
    }
    if (is & FILE_ATTRIBUTE_READONLY) SetFileInformationByHandle(file, FileBasicInfo, &plain, sizeof plain);
    SetFileInformationByHandle(file, FileDispositionInfo, &goes, sizeof goes);
    CloseHandle(file);
}

/* home opens a folder whose path only administrators can change. */
static HANDLE home(const WCHAR *path) {
    BY_HANDLE_FILE_INFORMATION about;
    HANDLE folder = CreateFileW(path, FILE_LIST_DIRECTORY | FILE_READ_ATTRIBUTES | SYNCHRONIZE, EVERY_SHARE, NULL, OPEN_EXISTING,
                                FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OPEN_REPARSE_POINT, NULL);
    if (folder == INVALID_HANDLE_VALUE) return NULL;
    if (GetFileInformationByHandle(folder, &about) && !(about.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT)) return folder;
    CloseHandle(folder);
    return NULL;
}

/* swept removes what Callin has in the folders of one user: what WebView2 keeps for its window, and all that Callin itself
   keeps if that was asked for. */
static void swept(HANDLE user, int purge) {
    HANDLE roaming = below(user, L"AppData\\Roaming");
    if (roaming) {
        removed(roaming, L"callin.exe", 0);
        removed(roaming, L"callin.com", 0); /* where an earlier version had it */
        CloseHandle(roaming);
    }
    if (purge) removed(user, L".callin", 0);
}

/* has tells whether a user has a Callin of their own, by their entry in Apps or, as that can be read only while they are
   logged in, by where it usually is. */
static int has(const WCHAR *id, HANDLE user) {
    WCHAR entry[512];
    HKEY key;
    wsprintfW(entry, L"%s\\Software\\Microsoft\\Windows\\CurrentVersion\\Uninstall\\Callin", id);
    if (!RegOpenKeyExW(HKEY_USERS, entry, 0, KEY_READ | KEY_WOW64_64KEY, &key)) {
        RegCloseKey(key);
        return 1;
    }
    HANDLE folder = user ? below(user, L"AppData\\Local\\Programs\\Callin") : NULL;
    if (folder) CloseHandle(folder);
    return folder != NULL;
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

/* Sweep removes what Callin has outside of its folder, of this user or of everybody who has none of their own. Without purge
   settings, records and calls stay. */
__declspec(dllexport) void Sweep(int everybody, int purge) {
    WCHAR path[MAX_PATH], id[256];
    HANDLE user, all;
    if (!everybody) {
        unstarted(HKEY_CURRENT_USER);
        if (!SHGetFolderPathW(NULL, CSIDL_PROFILE, NULL, 0, path) && (user = home(path))) {
            swept(user, purge);
            CloseHandle(user);
        }
        return;
    }
    HKEY list, registry;
    if (!RegOpenKeyExW(HKEY_LOCAL_MACHINE, L"SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\ProfileList", 0, KEY_READ | KEY_WOW64_64KEY, &list)) {
        for (DWORD i = 0, n = 256; !RegEnumKeyExW(list, i, id, &n, NULL, NULL, NULL, NULL); i++, n = 256) {
            DWORD size = sizeof path;
            user = RegGetValueW(list, id, L"ProfileImagePath", RRF_RT_REG_SZ, NULL, path, &size) ? NULL : home(path);
            if (!has(id, user)) {
                if (user) swept(user, purge);
                if (!RegOpenKeyExW(HKEY_USERS, id, 0, KEY_READ, &registry)) {
                    unstarted(registry);
                    RegCloseKey(registry);
                }
            }
            if (user) CloseHandle(user);
        }
        RegCloseKey(list);
    }
    if (purge && !SHGetFolderPathW(NULL, CSIDL_COMMON_APPDATA, NULL, 0, path) && (all = home(path))) {
        removed(all, L"Callin", 0);
        CloseHandle(all);
    }
}

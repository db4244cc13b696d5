/* The custom actions of the MSI. */
#include "setup.h"

#include <msi.h>
#include <msiquery.h>
#include <stdio.h>

/* noted writes a line into the log of the installation. */
static void noted(void *install, const char *line) {
    MSIHANDLE record = MsiCreateRecord(1);
    MsiRecordSetStringA(record, 0, "Callin: [1]");
    MsiRecordSetStringA(record, 1, line);
    MsiProcessMessage(*(MSIHANDLE *)install, INSTALLMESSAGE_INFO, record);
    MsiCloseHandle(record);
}

/* asked tells whether a person who looks on wants another attempt; nobody does in a silent installation. */
static int asked(MSIHANDLE install, const char *words, INSTALLMESSAGE kind) {
    MSIHANDLE record = MsiCreateRecord(1);
    MsiRecordSetStringA(record, 0, words);
    int answer = MsiProcessMessage(install, kind, record);
    MsiCloseHandle(record);
    return answer == IDRETRY;
}

static int number(MSIHANDLE install, const WCHAR *name, int otherwise) {
    WCHAR text[16];
    DWORD n = 16;
    return !MsiGetPropertyW(install, name, text, &n) && *text ? _wtoi(text) : otherwise;
}

/* OffAir holds the installation up while somebody is on air at a desk of this computer, and has the desks end then. */
__declspec(dllexport) UINT __stdcall OffAir(MSIHANDLE install) {
    const int basic = 3; /* from which level on somebody sees questions */
    int sees = number(install, L"UILevel", 2) >= basic, late = number(install, L"WAIT", 10) * 60;
    for (int waited = 0; OnAir(1); waited++) {
        if (sees && asked(install, "Somebody is on air at this PC. Callin is not touched until nobody is.", INSTALLMESSAGE_WARNING | MB_RETRYCANCEL)) continue;
        if (sees || waited >= late) {
            noted(&install, "somebody is on air at this PC: nothing was changed");
            return ERROR_INSTALL_FAILURE;
        }
        Sleep(1000);
    }
    while (EndDesks(1)) {
        if (sees && asked(install, "Callin is still open at this PC. End it, then try again.", INSTALLMESSAGE_WARNING | MB_RETRYCANCEL)) continue;
        noted(&install, "a desk of this PC did not end: nothing was changed");
        return ERROR_INSTALL_FAILURE;
    }
    return ERROR_SUCCESS;
}

/* field takes the next one of those that | separates. */
static WCHAR *field(WCHAR **rest) {
    WCHAR *is = *rest, *end = wcschr(is, '|');
    if (end) *end++ = 0;
    *rest = end ? end : is + wcslen(is);
    return is;
}

/* data are the fields that a deferred action was given, which sees no properties; the first is where Callin is. */
static WCHAR *data(MSIHANDLE install, WCHAR text[4096], WCHAR **rest) {
    DWORD n = 4096;
    *text = 0;
    MsiGetPropertyW(install, L"CustomActionData", text, &n);
    MsiSetPropertyW(install, L"CustomActionData", L""); /* which Wine would log */
    *rest = text;
    WCHAR *folder = field(rest);
    size_t end = wcslen(folder);
    if (end && folder[end - 1] == '\\') folder[end - 1] = 0;
    return folder;
}

/* Arrive does what follows the files: folder|station|code|key|service. A station that refuses this PC does not undo the
   installation: Callin says on the screen what is to be done. */
__declspec(dllexport) UINT __stdcall Arrive(MSIHANDLE install) {
    WCHAR text[4096], line[MAX_PATH + 64], *rest, *folder = data(install, text, &rest);
    WCHAR *station = field(&rest), *code = field(&rest), *key = field(&rest), *service = field(&rest);
    if (NeedsWebView2()) {
        wsprintfW(line, L"\"%s\\MicrosoftEdgeWebview2Setup.exe\" /silent /install", folder);
        if (Run(line, noted, &install)) noted(&install, "WebView2 could not be installed: Callin will open in the browser");
    }
    if (*station && (*code || *key) && JoinSaying(folder, station, code, key, 1, noted, &install))
        noted(&install, "this PC was not paired with the station");
    int wanted = *service && wcscmp(service, L"0");
    if (!IsService() && wanted) CommandSaying(folder, L"service install", noted, &install);
    if ((IsService() || wanted) && Service(1)) noted(&install, "the station does not run as a service");
    SecureZeroMemory(text, sizeof text);
    return ERROR_SUCCESS;
}

/* Depart does what comes before the files go: folder|upgrading|purge. In an upgrade all that is kept stays. */
__declspec(dllexport) UINT __stdcall Depart(MSIHANDLE install) {
    WCHAR text[4096], *rest, *folder = data(install, text, &rest);
    WCHAR *upgrading = field(&rest), *purge = field(&rest);
    if (*upgrading) {
        if (!IsService() || !Service(0)) return ERROR_SUCCESS;
        noted(&install, "the station's service did not end: nothing was changed");
        return ERROR_INSTALL_FAILURE;
    }
    CommandSaying(folder, L"leave --machine", noted, &install);
    if (IsService()) CommandSaying(folder, L"service remove", noted, &install);
    Sweep(1, *purge && wcscmp(purge, L"0"));
    return ERROR_SUCCESS;
}

/* Stay is where Windows Installer undoes Depart: an upgrade has failed, and the files of before are back. */
__declspec(dllexport) UINT __stdcall Stay(MSIHANDLE install) {
    if (IsService() && Service(1)) noted(&install, "the station's service could not be started again");
    return ERROR_SUCCESS;
}

; The installer of a PC, for makensis: VERSION, NUMBERS, FROM (the folder of what is installed), ICON and TO are given with
; -D, SIGN too if the uninstaller is to be signed.
;
; It ends with 0, or 1 when the person gave up, 2 when there is no key in the file that /KEYFILE names, 3 when somebody was on
; air or Callin is in use, 4 when a newer Callin or one of an MSI is installed, 5 when it has to be started by an administrator,
; 6 when all was installed but the station refused this PC, 7 when the station's service does not run.
Unicode true
Target amd64-unicode
ManifestDPIAware true
ManifestSupportedOS Win10
RequestExecutionLevel user
!ifndef QUICK ; to make, and large
    SetCompressor /SOLID lzma
    SetCompressorDictSize 64 ; callin.com is callin.exe but for some bytes
!endif
Name "Callin"
OutFile "${TO}"
BrandingText "Callin ${VERSION}"
VIProductVersion "${NUMBERS}"
VIFileVersion "${NUMBERS}"
VIAddVersionKey "CompanyName" "Callin"
VIAddVersionKey "ProductName" "Callin"
VIAddVersionKey "FileDescription" "Installs Callin"
VIAddVersionKey "ProductVersion" "${VERSION}"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "LegalCopyright" "The authors of Callin"

!include LogicLib.nsh
!include FileFunc.nsh
!include WordFunc.nsh
!include WinVer.nsh
!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!include MUI2.nsh
!ifdef SIGN
    !uninstfinalize '"${SIGN}" "%1"' = 0
!endif

!define ENTRY "Software\Microsoft\Windows\CurrentVersion\Uninstall\Callin"
!define SETUP "$PLUGINSDIR\setup.dll::"

Var AllUsers    ; 1, or 0 for this user alone
Var CurrentUser ; 1 where it is for this user even beside one for all users
Var Wait        ; minutes that a silent installation waits for nobody to be on air
Var Station
Var Code
Var Key
Var Service
Var Purge
Var Upgrade     ; the version that is there

!include station.nsh
Page custom stationShown stationLeft
!insertmacro MUI_PAGE_INSTFILES
!define MUI_FINISHPAGE_RUN
!define MUI_FINISHPAGE_RUN_FUNCTION opened
!define MUI_FINISHPAGE_RUN_TEXT "Open Callin"
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"

!macro ends code words
    MessageBox MB_ICONEXCLAMATION|MB_OK "${words}" /SD IDOK
    SetErrorLevel ${code}
    Quit
!macroend

!macro Option name found value
    System::Call '${SETUP}Option(w "${name}", w .s) i.s ?u'
    Pop ${found}
    Pop ${value}
!macroend
!define Option "!insertmacro Option"

; What installer and uninstaller both do, the latter with a name that begins with un.
!macro both un
Function ${un}begin
    SetRegView 64
    InitPluginsDir
    File "/oname=$PLUGINSDIR\setup.dll" "${FROM}\setup.dll"
    ${Option} WAIT $R0 $Wait
    ${If} $Wait == ""
        StrCpy $Wait 10
    ${EndIf}
FunctionEnd

; offAir holds everything up while somebody is on air, and has the desks end then: this user's, or everybody's where Callin is
; for all users.
Function ${un}offAir
    IntOp $R1 $Wait * 60
    onAir:
    System::Call '${SETUP}OnAir(i $AllUsers) i.r10 ?u'
    ${If} $R0 != 0
        ${IfNot} ${Silent}
            MessageBox MB_ICONEXCLAMATION|MB_RETRYCANCEL "Somebody is on air at this PC. Callin is not touched until nobody is." IDRETRY onAir
        ${ElseIf} $R1 > 0
            Sleep 1000
            IntOp $R1 $R1 - 1
            Goto onAir
        ${EndIf}
        SetErrorLevel 3
        Quit
    ${EndIf}
    System::Call '${SETUP}EndDesks(i $AllUsers) i.r10 ?u'
    ${If} $R0 != 0
        ${IfNot} ${Silent}
            MessageBox MB_ICONEXCLAMATION|MB_RETRYCANCEL "Callin is still open at this PC. End it, then try again." IDRETRY onAir
        ${EndIf}
        SetErrorLevel 3
        Quit
    ${EndIf}
FunctionEnd
!macroend
!insertmacro both ""
!insertmacro both "un."

; allUsers chooses between this user and everybody, and where Callin is then.
Function allUsers
    ${If} $AllUsers == 1
        SetShellVarContext all
        StrCpy $R0 "$PROGRAMFILES64\Callin"
    ${Else}
        SetShellVarContext current
        StrCpy $R0 "$LOCALAPPDATA\Programs\Callin"
    ${EndIf}
    ReadRegStr $Upgrade SHCTX "${ENTRY}" "DisplayVersion"
    ReadRegStr $R1 SHCTX "${ENTRY}" "InstallLocation"
    ${If} $R1 != ""
        StrCpy $INSTDIR $R1
    ${ElseIf} $INSTDIR == ""
        StrCpy $INSTDIR $R0
    ${EndIf}
FunctionEnd

; refusals ends the installer where it must not go on.
Function refusals
    UserInfo::GetAccountType
    Pop $R0
    ${If} $AllUsers == 1
    ${AndIf} $R0 != "Admin"
        !insertmacro ends 5 "Only an administrator can install Callin for all users: start the installer by Run as administrator."
    ${EndIf}
    ${If} $Service == 1
    ${AndIf} $AllUsers != 1
        !insertmacro ends 5 "A station as a service is for all users of the PC: add /AllUsers."
    ${EndIf}
    ReadRegStr $R0 HKLM "Software\Callin" "Package"
    ${If} $R0 == "msi"
    ${AndIf} "$AllUsers$CurrentUser" != "01"
        !insertmacro ends 4 "Callin was installed on this PC by an MSI: upgrade it by the newer MSI, or remove it first."
    ${EndIf}
    ${If} $Upgrade != ""
        ${WordFind} "$Upgrade" "~" "+1" $R0
        ${WordFind} "${VERSION}" "~" "+1" $R1
        ${VersionCompare} "$R0" "$R1" $R2
        ${If} $R2 == 1
            !insertmacro ends 4 "A newer Callin, $Upgrade, is installed. Remove it first if you want ${VERSION}."
        ${EndIf}
    ${EndIf}
FunctionEnd

Function .onInit
    ${IfNot} ${AtLeastWin10}
        !insertmacro ends 64 "Callin needs Windows 10 or later, of 64 bits."
    ${EndIf}
    Call begin
    ${Option} STATION $R0 $Station
    ${Option} CODE $R0 $Code
    ${Option} KEY $R0 $Key
    ${Option} KEYFILE $R0 $R1
    ${If} $R0 != 0
        System::Call '${SETUP}KeyIn(w "$R1", w .s) i.s ?u'
        Pop $R0
        Pop $Key
        ${If} $R0 == 0
            !insertmacro ends 2 "The file $R1, which /KEYFILE names, cannot be read, or there is no key in its first line."
        ${EndIf}
    ${EndIf}
    ${Option} SERVICE $Service $R0
    ${Option} AllUsers $AllUsers $R0
    ${Option} CurrentUser $CurrentUser $R0
    ReadRegStr $R0 HKLM "${ENTRY}" "DisplayVersion" ; whoever has it for all users upgrades it for all
    ${If} $CurrentUser == 1
        StrCpy $AllUsers 0
    ${ElseIf} $R0 != ""
        StrCpy $AllUsers 1
    ${EndIf}
    Call allUsers
    ${If} ${Silent}
        Call refusals
    ${EndIf}
FunctionEnd

Section
    Call refusals
    Call offAir
    ; All that needs room is there before anything is taken away.
    ClearErrors
    SetOutPath "$INSTDIR\policy"
    File /r "${FROM}\policy\*"
    SetOutPath "$INSTDIR"
    File "${FROM}\licences.txt"
    File /oname=callin.exe.new "${FROM}\callin.exe"
    File /oname=callin.com.new "${FROM}\callin.com"
    ${If} ${Errors}
        Delete "$INSTDIR\callin.exe.new"
        Delete "$INSTDIR\callin.com.new"
        !insertmacro ends 3 "Callin could not be written to $INSTDIR: see that there is room and that nothing uses it, then try again."
    ${EndIf}
    StrCpy $R5 0 ; whether a station is a service
    StrCpy $R7 0 ; whether that does not run
    StrCpy $R0 0
    ${If} $AllUsers == 1
        System::Call '${SETUP}IsService() i.s ?u'
        Pop $R5
    ${EndIf}
    ${If} $R5 != 0
        DetailPrint "Ending the station's service"
        System::Call '${SETUP}Service(i 0) i.r10 ?u'
    ${EndIf}
    ${If} $R0 == 0
        replaced:
        System::Call '${SETUP}Replace(w "$INSTDIR") i.r10 ?u'
        ${If} $R0 != 0
        ${AndIfNot} ${Silent}
            MessageBox MB_ICONEXCLAMATION|MB_RETRYCANCEL "Callin is in use in $INSTDIR, by a console or another program. End that, then try again." IDRETRY replaced
        ${EndIf}
    ${EndIf}
    ${If} $R5 != 0
        DetailPrint "Starting the station's service"
        System::Call '${SETUP}Service(i 1) i.r17 ?u'
    ${EndIf}
    ${If} $R0 != 0
        Delete "$INSTDIR\callin.exe.new"
        Delete "$INSTDIR\callin.com.new"
        !insertmacro ends 3 "Callin in $INSTDIR is in use and was not changed: end what uses it, then try again."
    ${EndIf}
    WriteUninstaller "$INSTDIR\uninstall.exe"
    ; Which Callin reads to know whether it updates itself.
    FileOpen $R0 "$INSTDIR\install.json" w
    ${If} $AllUsers == 1
        FileWrite $R0 '{"kind":"all-users"}$\n'
    ${Else}
        FileWrite $R0 '{"kind":"per-user"}$\n'
    ${EndIf}
    FileClose $R0

    CreateShortcut "$SMPROGRAMS\Callin.lnk" "$INSTDIR\callin.exe"
    ${If} $Upgrade == "" ; who has removed the one of the desktop did not want it
        CreateShortcut "$DESKTOP\Callin.lnk" "$INSTDIR\callin.exe"
    ${EndIf}

    WriteRegStr SHCTX "${ENTRY}" "DisplayName" "Callin"
    WriteRegStr SHCTX "${ENTRY}" "DisplayVersion" "${VERSION}"
    WriteRegStr SHCTX "${ENTRY}" "Publisher" "The authors of Callin"
    WriteRegStr SHCTX "${ENTRY}" "DisplayIcon" "$INSTDIR\callin.exe"
    WriteRegStr SHCTX "${ENTRY}" "InstallLocation" "$INSTDIR"
    WriteRegStr SHCTX "${ENTRY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
    WriteRegStr SHCTX "${ENTRY}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
    WriteRegDWORD SHCTX "${ENTRY}" "NoModify" 1
    WriteRegDWORD SHCTX "${ENTRY}" "NoRepair" 1
    ${GetSize} "$INSTDIR" "/S=0K" $R0 $R1 $R2
    WriteRegDWORD SHCTX "${ENTRY}" "EstimatedSize" $R0

    System::Call '${SETUP}NeedsWebView2() i.s ?u'
    Pop $R0
    ${If} $R0 != 0
        DetailPrint "Installing Microsoft's WebView2 runtime, for Callin's window"
        File "/oname=$PLUGINSDIR\MicrosoftEdgeWebview2Setup.exe" "${FROM}\MicrosoftEdgeWebview2Setup.exe"
        ExecWait '"$PLUGINSDIR\MicrosoftEdgeWebview2Setup.exe" /silent /install' $R0
        ${If} $R0 != 0
            DetailPrint "WebView2 could not be installed: Callin will open in the browser"
        ${EndIf}
    ${EndIf}

    StrCpy $R6 0
    ${If} $Station != ""
    ${AndIf} "$Code$Key" != ""
        DetailPrint "Pairing this PC with $Station"
        System::Call '${SETUP}Join(w "$INSTDIR", w "$Station", w "$Code", w "$Key", i $AllUsers) i.s ?u'
        Pop $R6
    ${EndIf}
    ${If} $Service == 1
    ${AndIf} $R5 == 0
        DetailPrint "Making the station a service"
        System::Call '${SETUP}Command(w "$INSTDIR", w "service install") ?u'
        System::Call '${SETUP}Service(i 1) i.r17 ?u'
    ${EndIf}
    ${If} $R6 != 0
        SetErrorLevel 6
        MessageBox MB_ICONEXCLAMATION|MB_OK "Callin is installed, but the station refused this PC: the code or key may be mistyped, used up or too old. Start Callin, which says what to do." /SD IDOK
    ${EndIf}
    ${If} $R7 != 0
        SetErrorLevel 7
        MessageBox MB_ICONEXCLAMATION|MB_OK "Callin is installed, but the station's service does not run. In a console opened by Run as administrator, callin service install says why, or else the log in %ProgramData%\Callin." /SD IDOK
    ${EndIf}
SectionEnd

; opened opens Callin as the user who is logged in, and not as the administrator who installs.
Function opened
    Exec '"$WINDIR\explorer.exe" "$INSTDIR\callin.exe"'
FunctionEnd

Function un.onInit
    Call un.begin
    StrCpy $AllUsers 0
    SetShellVarContext current
    ReadRegStr $R0 HKLM "${ENTRY}" "InstallLocation"
    ${If} $R0 == $INSTDIR
        StrCpy $AllUsers 1
        SetShellVarContext all
    ${EndIf}
    ${Option} PURGE $Purge $R0
    UserInfo::GetAccountType
    Pop $R0
    ${If} $AllUsers == 1
    ${AndIf} $R0 != "Admin"
        !insertmacro ends 5 "Callin is installed for all users: only an administrator can remove it."
    ${EndIf}
FunctionEnd

Section un.Callin
    Call un.offAir
    ${IfNot} ${Silent}
        MessageBox MB_ICONQUESTION|MB_YESNO|MB_DEFBUTTON2 "Delete also what Callin has kept on this PC: its settings, and the calls and records of its own station?" IDNO kept
        StrCpy $Purge 1
        kept:
    ${EndIf}
    ${If} $AllUsers == 1
        System::Call '${SETUP}Command(w "$INSTDIR", w "leave --machine") ?u'
        System::Call '${SETUP}IsService() i.s ?u'
        Pop $R0
        ${If} $R0 != 0
            System::Call '${SETUP}Command(w "$INSTDIR", w "service remove") ?u'
        ${EndIf}
    ${Else}
        System::Call '${SETUP}Command(w "$INSTDIR", w "leave") ?u'
    ${EndIf}
    System::Call '${SETUP}Sweep(i $AllUsers, i $Purge) ?u'
    Delete "$SMPROGRAMS\Callin.lnk"
    Delete "$DESKTOP\Callin.lnk"
    Delete "$INSTDIR\callin.exe"
    Delete "$INSTDIR\callin.com"
    Delete "$INSTDIR\callin.*.new" ; of an installation that was cut off
    Delete "$INSTDIR\callin.*.old"
    Delete "$INSTDIR\licences.txt"
    Delete "$INSTDIR\install.json"
    RMDir /r "$INSTDIR\policy"
    DeleteRegKey SHCTX "${ENTRY}"
    ; Started with _?= the uninstaller runs where it is, and cannot delete itself.
    ClearErrors
    Delete "$INSTDIR\uninstall.exe"
    ${If} ${Errors}
        GetTempFileName $R0
        Delete $R0
        Rename "$INSTDIR\uninstall.exe" $R0
        Delete /REBOOTOK $R0
    ${EndIf}
    SetOutPath "$TEMP"
    RMDir "$INSTDIR"
SectionEnd

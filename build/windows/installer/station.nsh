; The page that asks for whom Callin is and of which station this PC is a desk. A silent installation has it from its options.
Var everybody
Var address
Var secret

Function stationShown
    !insertmacro MUI_HEADER_TEXT "This PC" "For whom Callin is, and of which station this PC is a desk."
    nsDialogs::Create 1018
    Pop $R0
    ${NSD_CreateCheckbox} 0 0 100% 12u "For all users of this PC (the installer must have been started by Run as administrator)"
    Pop $everybody
    ${If} $AllUsers == 1
        ${NSD_Check} $everybody
    ${EndIf}
    ${NSD_CreateLabel} 0 26u 100% 20u "If this PC is a desk of a station elsewhere, its address and the code or key that a manager there has given you. Both can be left out."
    Pop $R0
    ${NSD_CreateLabel} 0 52u 25% 12u "&Station's address"
    Pop $R0
    ${NSD_CreateText} 27% 50u 73% 12u "$Station"
    Pop $address
    ${NSD_CreateLabel} 0 70u 25% 12u "&Code or key"
    Pop $R0
    ${NSD_CreateText} 27% 68u 73% 12u "$Code$Key"
    Pop $secret
    nsDialogs::Show
FunctionEnd

Function stationLeft
    ${NSD_GetState} $everybody $AllUsers
    ${NSD_GetText} $address $Station
    ${NSD_GetText} $secret $R0
    ; A code has six digits, with or without spaces.
    StrLen $R1 $R0
    StrCpy $Code ""
    StrCpy $Key ""
    ${If} $R1 < 12
        StrCpy $Code $R0
    ${Else}
        StrCpy $Key $R0
    ${EndIf}
    StrCpy $INSTDIR ""
    Call allUsers
FunctionEnd

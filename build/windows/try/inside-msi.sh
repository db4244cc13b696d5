# Sourced by inside: what the MSI does.

echo 'by the MSI:'
at="$c/Program Files/Callin"
msi() { # /i or /x, FILE, PROPERTY…
    win msiexec "$1" "$(w "$2")" /qn /l*v "$(w "$dir/msi.log")" "${@:3}"
}
refused=67 # the last byte of 1603, which is all that Linux sees
msi_ends() { # CODE and what msi takes
    local code=0 want=$1
    shift
    msi "$@" || code=$?
    [ $code = "$want" ] || { echo "ended with $code, not with $want"; tail -n 40 "$dir/msi.log" | tr -d '\0'; return 1; }
}
# in_msi VERSION: Apps has it, once.
in_msi() {
    win reg query 'HKLM\Software\Microsoft\Windows\CurrentVersion\Uninstall' /s /f DisplayVersion >/dev/null
    win reg query 'HKLM\Software\Microsoft\Windows\CurrentVersion\Uninstall' /s | tr -d '\r' |
        awk '/^HKEY/ { name = ""; version = "" } /DisplayName/ { name = $3 } /DisplayVersion/ { version = $3 } name == "Callin" && version { print version; name = "" }' >"$dir/versions"
    [ "$(cat "$dir/versions")" = "$1" ] || { cat "$dir/versions"; return 1; }
}
key=$(made)
so 'an older one installs, in silence' unseen "$key" msi_ends 0 /i "$dir/older.msi" "STATION=$address" "KEY=$key"
so 'its programs are there' [ -f "$at/callin.exe" -a -f "$at/callin.com" -a -f "$at/licences.txt" ]
so 'nothing says that it updates itself' [ ! -e "$at/install.json" ]
so 'and say their version' says 'Callin 0.0.9 (' "$at/callin.com" version
# Wine takes a user's own folders for those of all users.
shortcuts() { [ "$(find "$c/users" "$c/ProgramData" -name Callin.lnk | wc -l)" = "$1" ] || { find "$c" -name '*.lnk'; return 1; }; }
so 'shortcuts are there' shortcuts 2
so 'Apps has it' in_msi 0.0.9
so 'the PC is a desk of the station' paired
so 'for all its users' [ -d "$c/ProgramData/Callin/desk" ]
so 'nothing has its key' no_secret "$key"
so 'the installer leaves it alone' ends 4 "$installer" /S
so 'but beside it one user has one of their own' ends 0 "$installer" /S /CurrentUser /WAIT=0
so 'Apps has both' in_apps HKCU "$version"
so 'which is removed' ends 0 "$own/AppData/Local/Programs/Callin/uninstall.exe" /S
mkdir -p "$own/.callin"
echo 'show = "Kept"' >"$own/.callin/callin.toml"

held 'Global\Callin-OnAir' 'Global\Callin-Desk'
so 'with somebody on air it is not upgraded' msi_ends $refused /i "$dir/callin.msi" WAIT=0
so 'and nothing is changed' in_msi 0.0.9
so 'nor removed' msi_ends $refused /x "$dir/older.msi" WAIT=0
so 'and nothing is changed' [ -f "$at/callin.exe" ]
released

# In an upgrade Windows tells the old one which product takes its place; Wine does not, and is told here.
so 'the old one goes as in an upgrade' msi_ends 0 /x "$dir/older.msi" 'UPGRADINGPRODUCTCODE={00000000-0000-0000-0000-000000000000}'
so 'the new one comes' msi_ends 0 /i "$dir/callin.msi" SERVICE=1
so 'Apps has the new one' in_msi "${version%%~*}"
so 'whose programs are there' says "Callin $version (" "$at/callin.com" version
so 'the settings were kept' grep 'show = "Kept"' "$own/.callin/callin.toml"
so 'the pairing was kept' [ -s "$c/ProgramData/Callin/desk/station.json" ]
so 'the PC is the same desk' paired
so 'the station is a service, and runs' soon says RUNNING sc query Callin
so 'it answers' soon says code: "$at/callin.com" desks add --data 'C:\ProgramData\Callin' --role manager Chief
so 'an older one is refused' msi_ends $refused /i "$dir/older.msi"
so 'and nothing is changed' in_msi "${version%%~*}"
mkdir -p "$own/AppData/Roaming/callin.exe/EBWebView"
so 'it is removed, with all that it has kept' msi_ends 0 /x "$dir/callin.msi" PURGE=1
so 'nothing is left' nothing_left
so 'no service either' not win sc query Callin

so 'the station has the PC no more' not paired
so 'an older one installs' msi_ends 0 /i "$dir/older.msi"
so 'and is upgraded' msi_ends 0 /i "$dir/callin.msi"
so 'Apps has the new one alone' in_msi "${version%%~*}"
so 'whose programs are there' says "Callin $version (" "$at/callin.com" version
so 'it is removed' msi_ends 0 /x "$dir/callin.msi"
so 'nothing is left' nothing_left

# One whose removal fails when the service has ended, by 1627 where Windows has 1603.
cp "$dir/callin.msi" "$dir/fails.msi"
msibuild "$dir/fails.msi" -q "INSERT INTO CustomAction (Action, Type, Source, Target) VALUES ('Fails', 1058, 'TARGETDIR', 'cmd.exe /c exit 1')"
msibuild "$dir/fails.msi" -q "INSERT INTO InstallExecuteSequence (Action, Condition, Sequence) VALUES ('Fails', 'FAILS', 1803)"
so 'one with a service installs' msi_ends 0 /i "$dir/fails.msi" SERVICE=1
so 'whose service runs' soon says RUNNING sc query Callin
so 'an upgrade from it fails' msi_ends 91 /x "$dir/fails.msi" FAILS=1 'UPGRADINGPRODUCTCODE={00000000-0000-0000-0000-000000000000}'
so 'the service runs' says RUNNING sc query Callin
so 'again' sh -c '[ $(grep -c " starts$" "$0") = 2 ]' "$c/ProgramData/Callin/callin.log"
so 'it is removed, with all that it has kept' msi_ends 0 /x "$dir/fails.msi" PURGE=1
so 'nothing is left' nothing_left

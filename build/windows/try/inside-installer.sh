# Sourced by inside: what the installer does.

echo 'for one user:'
at="$own/AppData/Local/Programs/Callin"
key=$(made)
so 'an older one installs, in silence' unseen "$key" ends 0 "$older" /S "/STATION=$address" "/KEY=$key"
so 'its programs are there' [ -f "$at/callin.exe" -a -f "$at/callin.com" -a -f "$at/licences.txt" -a -f "$at/uninstall.exe" ]
so 'and say their version' says 'Callin 0.0.9 (' "$at/callin.com" version
so 'shortcuts are there' [ -f "$own/Desktop/Callin.lnk" -a -f "$own/AppData/Roaming/Microsoft/Windows/Start Menu/Programs/Callin.lnk" ]
so 'it is an install that updates itself' grep -x '{"kind":"per-user"}' "$at/install.json"
so 'Apps has it' in_apps HKCU 0.0.9
so 'with its publisher, size and silent end' sh -c 'for v in Publisher EstimatedSize QuietUninstallString DisplayIcon; do wine reg query "HKCU\\$0" /v $v </dev/null >/dev/null 2>&1 || exit 1; done' "$entry"
so 'and for everybody it is not there' no_entry HKLM
so 'the PC is a desk of the station' paired
so 'nothing has its key' no_secret "$key"
echo 'show = "Kept"' >"$own/.callin/callin.toml"
rm "$own/Desktop/Callin.lnk"

held "Global\\Callin-OnAir-$me" "Global\\Callin-Desk-$me"
so 'with somebody on air it is not upgraded' ends 3 "$installer" /S /WAIT=0
so 'and nothing is changed' in_apps HKCU 0.0.9
released
held 'Global\Callin-OnAir' 'Global\Callin-Desk' "Global\\Callin-OnAir-$other" "Global\\Callin-Desk-$other"
so 'who is on air at the desk of another user is let be' ends 0 "$older" /S /WAIT=0
so 'but for all users it is not installed' ends 3 "$older" /S /AllUsers /WAIT=0
released
wine "$at/callin.com" --no-browser >"$dir/desk.log" 2>&1 </dev/null &
desk=$!
so 'the desk opens' soon grep '^desk: ' "$dir/desk.log"
held "Global\\Callin-OnAir-$me"
wine "$installer" /S /WAIT=1 >"$dir/waits.log" 2>&1 </dev/null &
waits=$!
sleep 3
so 'it waits for nobody to be on air' kill -0 $waits
so 'without a change meanwhile' in_apps HKCU 0.0.9
released
so 'and upgrades then' wait $waits
so 'when the desk has ended in order' wait $desk
so 'Apps has the new one' in_apps HKCU "$version"
so 'whose programs are there' says "Callin $version (" "$at/callin.com" version
so 'and still update themselves' grep -x '{"kind":"per-user"}' "$at/install.json"
so 'the settings were kept' grep 'show = "Kept"' "$own/.callin/callin.toml"
so 'the pairing was kept' [ -s "$own/.callin/remote/station.json" ]
so 'the shortcut that was removed did not come back' [ ! -e "$own/Desktop/Callin.lnk" ]
so 'an older one is refused' ends 4 "$older" /S
so 'and nothing is changed' in_apps HKCU "$version"

mkdir -p "$own/AppData/Roaming/callin.exe/EBWebView"
touch "$own/AppData/Roaming/callin.exe/EBWebView/lockfile"
held "Global\\Callin-OnAir-$me"
so 'with somebody on air it is not removed' ends 3 "$at/uninstall.exe" /S /WAIT=0 "_?=$(w "$at")"
so 'and nothing is changed' [ -f "$at/callin.exe" ]
released
so 'it is removed' ends 0 "$at/uninstall.exe" /S
so 'nothing is left but what it has kept' nothing_left -not -path "$own/.callin*"
so 'which is there' grep 'show = "Kept"' "$own/.callin/callin.toml"
so 'but for the pairing' [ ! -e "$own/.callin/remote/station.json" ]

echo 'for all users:'
at="$c/Program Files/Callin"
touch "$c/ProgramData/Callin"
so 'it installs, in silence, and a service that cannot be made is said' ends 7 "$older" /S /AllUsers /SERVICE
rm "$c/ProgramData/Callin"
key=$(made)
{ printf '\377\376' && printf '%s\r\n' "$key" | iconv -t UTF-16LE; } >"$dir/key"
cp "$dir/key" "$dir/key-kept"
so 'with a key from a file that Notepad wrote it makes the service' unseen "$key" ends 0 "$older" /S /AllUsers "/STATION=$address" "/KEYFILE=$(w "$dir/key")" /SERVICE
so 'the key of the twelve PCs is still there' cmp "$dir/key" "$dir/key-kept"
rm "$dir"/key*
so 'its programs are there' [ -f "$at/callin.exe" -a -f "$at/callin.com" -a -f "$at/uninstall.exe" ]
so 'shortcuts are there' [ -f "$c/users/Public/Desktop/Callin.lnk" -a -f "$c/ProgramData/Microsoft/Windows/Start Menu/Programs/Callin.lnk" ]
so 'it is an install that an administrator updates' grep -x '{"kind":"all-users"}' "$at/install.json"
so 'Apps has it' in_apps HKLM 0.0.9
so 'and not for one user' no_entry HKCU
so 'the PC is a desk of the station' paired
so 'for all its users' [ -d "$c/ProgramData/Callin/desk" ]
so 'nothing has its key' no_secret "$key"
so 'the station is a service, and runs' says RUNNING sc query Callin
so 'it answers' says code: "$at/callin.com" desks add --data 'C:\ProgramData\Callin' --role manager Chief

cp "$at"/callin.{exe,com} "$dir"
wine "$at/callin.com" rehearsal >"$dir/console.log" 2>&1 </dev/null &
console=$!
so 'a console has Callin open' soon [ -s "$dir/console.log" ]
so 'so it is not upgraded' ends 3 "$installer" /S
so 'the old programs are there, both and alone' sh -c 'cmp "$0/callin.exe" "$1/callin.exe" && cmp "$0/callin.com" "$1/callin.com" && ! ls "$1"/callin.*.*' "$dir" "$at"
so 'the service runs' says RUNNING sc query Callin
kill $console
wait $console || true
so 'it is upgraded, and the service runs' ends 0 "$installer" /S
so 'again' says RUNNING sc query Callin
so 'of the new one' says "Callin $version (" "$at/callin.com" version
so 'for all users' no_entry HKCU
so 'a wrong key is said' ends 6 "$installer" /S "/STATION=$address" /KEY=AAAAAAAAAAAAAAAAAAAAAAAAAA
: >"$dir/key"
so 'a file without a key, too' ends 2 "$installer" /S "/STATION=$address" "/KEYFILE=$(w "$dir/key")"
printf '\357\273\277%s' "$(made)" >"$dir/key"
so 'a key from a file that PowerShell wrote is good' ends 0 "$installer" /S "/STATION=$address" "/KEYFILE=$(w "$dir/key")"
rm "$dir/key"

so 'beside it one user has one of their own' ends 0 "$installer" /S /CurrentUser /WAIT=0
so 'that updates itself' grep -x '{"kind":"per-user"}' "$own/AppData/Local/Programs/Callin/install.json"
so 'Apps has both' in_apps HKCU "$version"
run='HKCU\Software\Microsoft\Windows\CurrentVersion\Run'
win reg add "$run" /v Callin /d callin.exe /f >/dev/null
mkdir -p "$own/.callin" "$own/AppData/Roaming/callin.exe/EBWebView"
# One user has what Callin keeps, others have linked it, or something in it, to what is not theirs.
profile "$other" ann
mkdir -p "$c/users/ann"/{.callin/desk,AppData/Roaming/callin.{exe,com}/EBWebView/Default}
touch "$c/users/ann/AppData/Roaming/callin.exe/EBWebView/Default/History"
chmod a-w "$c/users/ann/AppData/Roaming/callin.exe/EBWebView/Default/History" # read only
profile S-1-5-21-7-7-7-1002 eve
mkdir -p "$c/victim"/{callin.exe,desk}
touch "$c/victim"/{callin.exe,desk}/file
rmdir "$c/users/eve/AppData/Roaming"
ln -s "$c/victim" "$c/users/eve/AppData/Roaming"
ln -s "$c/victim" "$c/users/eve/.callin"
profile S-1-5-21-7-7-7-1003 bob
mkdir "$c/users/bob"/{.callin,AppData/Roaming/callin.exe}
ln -s "$c/victim" "$c/users/bob/.callin/link"
ln -s "$c/victim" "$c/users/bob/AppData/Roaming/callin.exe/link"
so 'it is removed, with all that it has kept' ends 0 "$at/uninstall.exe" /S /PURGE
so 'of all users' away "$at" "$c/ProgramData/Callin" "$c/users/ann"/{.callin,AppData/Roaming/callin.{exe,com}}
so 'but nothing to which one has linked it' [ -f "$c/victim/callin.exe/file" -a -f "$c/victim/desk/file" ]
so 'nor of who has one of their own' [ -d "$own/.callin" -a -d "$own/AppData/Roaming/callin.exe" ]
so 'which starts with Windows' win reg query "$run" /v Callin
so 'no service' not win sc query Callin
rm -r "$c/victim" "$c/users"/{ann,bob,eve}
so 'that one is removed, with all that it has kept' ends 0 "$own/AppData/Local/Programs/Callin/uninstall.exe" /S /PURGE
so 'nothing is left' nothing_left

win sc create Callin 'binPath=' 'C:\none.exe' >/dev/null
so 'a service that cannot be started is said' ends 7 "$installer" /S /AllUsers
so 'it is removed' ends 0 "$at/uninstall.exe" /S /PURGE
so 'nothing is left' nothing_left
so 'no service either' not win sc query Callin

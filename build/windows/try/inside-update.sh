# Sourced by inside: one user's own install updates itself by what its station offers, see try.sh.

if [[ $version = *~changes ]]; then
    echo "an update is not tried, as $version is no number of a release"
    return
fi
echo 'an update of itself:'
at="$own/AppData/Local/Programs/Callin"
rm -rf "$own/.callin"
key=$(desks key --role host | sed -n 's/^key: //p')
# offers VERSION has the station offer it.
offers() { rm -rf "$dir/station-data/updates" && cp -r "$dir/offered-$1" "$dir/station-data/updates"; }
# press is what the page of the desk does, which a start beside it finds.
press() {
    timeout 60 wine "$at/callin.com" --no-browser >"$dir/win" 2>&1 </dev/null && node "$here/press.mjs" "$(tr -d '\r' <"$dir/win" | sed -n 's/^desk: //p')" "$@"
}
# updated VERSION: within two minutes the update is over, and this was started last. Go asks to delete folders in a way that
# Wine does not know, so what else the update has kept is deleted here.
updated() {
    local i kept=$own/.callin/update
    for i in {1..600}; do
        if [ ! -e "$kept/setup.exe" ] && grep ' starts$' "$own/.callin/callin.log" | tail -n 1 | grep -qF "Callin $1 (" &&
            ! grep -qsvE '"step":"(back|done)"' "$kept/state.json"; then
            rm -rf "$kept"
            return
        fi
        sleep 0.2
    done
    cat "$kept/state.json" "$own/.callin/callin.log"
    return 1
}

so 'an older one installs' ends 0 "$older" /S "/STATION=$address" "/KEY=$key"
offers 9.9.9
wine "$at/callin.com" --no-browser >"$dir/desk.log" 2>&1 </dev/null &
desk=$!
so 'its desk opens' soon grep '^desk: ' "$dir/desk.log"
update='{"version":"9.9.9"}'
so 'it updates itself by a press once the show is closed' press update "$update" 'A show is open.' close '{}' '200 ' update "$update" '200 '
so 'it ends in order' wait $desk
so 'what comes is no 9.9.9, so the old one runs again' updated 0.0.9
so 'and says why' grep 'Callin was not updated to 9.9.9: it did not start.' "$own/.callin/callin.log"
so 'whose programs are there' says 'Callin 0.0.9 (' "$at/callin.com" version
so 'Apps has it' in_apps HKCU 0.0.9

offers "$version"
update="{\"version\":\"$version\"}"
so 'it updates itself to the new one' press updateLook '{}' '200 ' update "$update" '200 '
so 'which runs' updated "$version"
so 'whose programs are there' says "Callin $version (" "$at/callin.com" version
so 'Apps has it' in_apps HKCU "$version"
so 'its desk is open' press
so 'nothing is left to be done at the next logon' not win reg query 'HKCU\Software\Microsoft\Windows\CurrentVersion\RunOnce' /v '!CallinUpdate'
so 'it is removed, with all that it has kept' ends 0 "$at/uninstall.exe" /S /PURGE
so 'nothing is left' nothing_left

#!/usr/bin/env bash
# Tries the installer and the MSI: build/package --test sources it, and build/windows/try.sh alone tries what the last
# build/package has made. It makes both once more of a lower version, to be upgraded from, and signs copies of all with a
# certificate that it makes.

# try_windows has a Windows of its own install, upgrade and remove them, in a network that has only loopback. It is Wine:
# a window never opens.
try_windows() {
    local dir key offered
    dir=$(mktemp -d)
    key=$(go run ./build/release -new "$dir/update-key")
    say 'making an older installer and MSI'
    (
        of=$out version=0.0.9 out=$out/older bin=$dir update_public=$key
        rm -rf "$out"
        mkdir -p "$out"
        windows_programs
        cp "$of/licences.txt" "$out"
        windows_files
        windows_installer older.exe -DQUICK
        windows_msi older.msi
    )
    cp "$bin/callin_${version}_windows_amd64_setup.exe" "$dir/installer.exe"
    cp "$bin/callin_${version}_windows_amd64.msi" "$dir/callin.msi"
    cp "$out/station" "$dir/station"
    # What a station offers: the installer as it is, and as one of a version that it is not, which never comes up.
    for offered in "$version" 9.9.9; do
        mkdir "$dir/offered-$offered"
        cp "$dir/installer.exe" "$dir/offered-$offered/setup.exe"
        [[ $offered = *~changes ]] || go run ./build/release -key "$dir/update-key" -version "$offered" -date "${date%%T*}" \
            -to "$dir/offered-$offered" "$dir/offered-$offered/setup.exe"
    done
    say 'trying the installer and the MSI'
    unshare --net bash -c 'ip link set lo up && exec "$@"' alone build/wine build/windows/try/inside "$dir" "$version"
    try_signatures "$dir"
    try_token "$dir"
    rm -rf "$dir"
}

# try_signatures signs everything as --sign does, and looks into each signature. The key has a passphrase, which no command
# line has.
try_signatures() {
    local dir=$1/signed file seen=$1/seen
    mkdir "$dir"
    say 'signing with a certificate that is made for it'
    echo 'not to be seen' >"$dir/passphrase"
    openssl req -x509 -newkey rsa:2048 -days 2 -subj '/CN=Callin, tried' -addext extendedKeyUsage=codeSigning \
        -keyout "$dir/key.pem" -out "$dir/cert.pem" -passout "file:$dir/passphrase" 2>/dev/null
    (
        set +e
        while kill -0 $$ && sleep 0.02; do cat /proc/[0-9]*/cmdline | tr '\0' ' ' | grep -aF 'not to be seen' | grep -av grep >>"$seen"; done
    ) 2>/dev/null &
    local watches=$!
    (
        of=$out out=$out/signed bin=$dir
        rm -rf "$out"
        mkdir -p "$out"
        cp -r "$of/resources" "$of/licences.txt" "$of/callin.exe" "$of/callin.com" "$out"
        signing_asks --cert "$dir/cert.pem" --key "$dir/key.pem" --passphrase "$dir/passphrase"
        signed "$out/callin.exe" "$out/callin.com"
        windows_files
        windows_installer installer.exe -DQUICK
        windows_msi callin.msi
        cp "$out"/callin.{exe,com} "$out/windows/setup.dll" "$dir"
    )
    kill $watches
    wait $watches 2>/dev/null || true
    # The uninstaller is what the installer lays down.
    build/wine bash -c 'wine winecfg -v win10; wine reg add "HKLM\\SOFTWARE\\WOW6432Node\\Microsoft\\EdgeUpdate\\Clients\\{F3017226-FE2A-4295-8BDF-00C3A9A7E4C5}" /v pv /d 120.0.0.0 /f
        wine "$0/installer.exe" /S && cp "$WINEPREFIX"/drive_c/users/*/AppData/Local/Programs/Callin/uninstall.exe "$0"' "$dir" >"$dir/wine" 2>&1 </dev/null || { cat "$dir/wine"; return 1; }
    for file in callin.exe callin.com setup.dll installer.exe uninstall.exe callin.msi; do
        osslsigncode verify -CAfile "$dir/cert.pem" -in "$dir/$file" >"$dir/said" 2>&1 && grep -q 'Callin, tried' "$dir/said" ||
            { cat "$dir/said"; say "$file: the signature is not good"; return 1; }
    done
    printf 'x' | dd of="$dir/callin.com" bs=1 seek=2000000 conv=notrunc 2>/dev/null
    ! osslsigncode verify -CAfile "$dir/cert.pem" -in "$dir/callin.com" >/dev/null 2>&1 || { say 'a changed program has a good signature'; return 1; }
    [ ! -s "$seen" ] || { cat "$seen"; say 'the passphrase was in a command line'; return 1; }
    say 'all signatures are good, and no command line had the passphrase'
}

# try_token signs by a token that is made in software, and has an authority on loopback vouch for the time.
try_token() {
    local dir=$1/token pin library authority port file
    mkdir -p "$dir/tokens"
    say 'signing with a token, and the time'
    export SOFTHSM2_CONF=$dir/softhsm.conf
    printf 'directories.tokendir = %s\n' "$dir/tokens" >"$SOFTHSM2_CONF"
    library=$(dpkg -L libsofthsm2 | grep -m 1 '/libsofthsm2\.so$')
    pin=$(od -An -N4 -tu4 /dev/urandom | tr -d ' ')
    printf '%s' "$pin" >"$dir/pin"
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj '/CN=Callin, by a token' -addext extendedKeyUsage=codeSigning \
        -keyout "$dir/key.pem" -out "$dir/cert.pem" 2>/dev/null
    softhsm2-util --init-token --free --label callin --so-pin "$pin" --pin "$pin" >/dev/null
    softhsm2-util --import "$dir/key.pem" --token callin --label signing --id a1 --pin "$pin" >/dev/null
    rm "$dir/key.pem" # the token alone has it
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj '/CN=The time, tried' -addext extendedKeyUsage=critical,timeStamping \
        -keyout "$dir/time-key.pem" -out "$dir/time.pem" 2>/dev/null
    coproc AUTHORITY { exec node build/windows/try/timestamp.mjs "$dir" "$dir/time.pem" "$dir/time-key.pem"; }
    authority=$AUTHORITY_PID
    read -r port <&"${AUTHORITY[0]}"
    cp "$out/callin.exe" "$dir"
    cp "$bin/callin_${version}_windows_amd64.msi" "$dir/callin.msi"
    (
        signing_asks --cert "$dir/cert.pem" --pkcs11 'pkcs11:token=callin;object=signing' --module "$library" --passphrase "$dir/pin" \
            --timestamp "http://127.0.0.1:$port"
        signed "$dir/callin.exe" "$dir/callin.msi"
    )
    kill "$authority"
    wait "$authority" 2>/dev/null || true
    for file in callin.exe callin.msi; do
        osslsigncode verify -CAfile "$dir/cert.pem" -TSA-CAfile "$dir/time.pem" -in "$dir/$file" >"$dir/said" 2>&1 &&
            grep -q 'Callin, by a token' "$dir/said" && grep -q 'Timestamp Server Signature verification: ok' "$dir/said" ||
            { cat "$dir/said"; say "$file: what the token signed is not good"; return 1; }
    done
    say 'what the token signed is good, and so is the time'
}

[ "${BASH_SOURCE[0]}" = "$0" ] || return 0
set -euo pipefail
cd "$(dirname "$0")/../.."
say() { printf 'build/windows/try.sh: %s\n' "$*" >&2; }
. build/packages.sh
. build/stamp.sh
. build/windows/windows.sh
. build/windows/sign.sh
signs=()
[ -f "$out/callin.exe" ] || { say 'run build/package first'; exit 1; }
packages_install "${package_packages[@]}" "${package_test_packages[@]}"
try_windows

# Sourced by build/package and build/windows/try.sh: the programs of Windows and what installs them. Needs their variables
# and program.

. build/windows/msi/msi.sh

# numbers is the version as Windows has it: four numbers and nothing else.
numbers() { echo "${version%%~*}.0"; }

# filled FILE [SED EXPRESSION…] is a file with what it says in @…@ filled in.
filled() {
    local from=$1 info
    shift
    info() { node -p 'require("./wails.json").info[process.argv[1]]' "$1"; }
    sed -e "s#@VERSION@#$version#g; s#@NUMBERS@#$(numbers)#g; s#@COMMIT@#${commit:0:7}#g; s#@DATE@#${date%T*}#g" \
        -e "s#@PRODUCT@#$(info productName)#g; s#@COMPANY@#$(info companyName)#g; s#@COPYRIGHT@#$(info copyright)#g; s#@SAYS@#$(info comments)#g" \
        "$@" "$from"
}

# windows_program FILE [GO BUILD OPTION…] builds a program with its icon, its manifest and its version. Go takes these from a
# file beside main.go, which is there for as long only.
windows_program() {
    local to=$1 object=callin_windows_amd64.syso code=0
    shift
    mkdir -p "$out/resources"
    [ -f "$out/resources/icon.ico" ] || convert build/appicon.png -strip -define png:exclude-chunks=date,time \
        -define icon:auto-resize=256,128,96,64,48,40,32,24,20,16 "$out/resources/icon.ico"
    filled build/windows/winres.json -e "s#@FILE@#$to#g" >"$out/resources/winres.json"
    go tool -modfile=build/tools/go.mod go-winres make --no-suffix --arch amd64 --in "$out/resources/winres.json" --out "$object" || return
    CGO_ENABLED=0 GOOS=windows GOARCH=amd64 program "$to" -tags desktop,production "$@" || code=$?
    rm -f "$object"
    return $code
}

# windows_programs builds both: callin.exe has no console, callin.com is the same for one.
windows_programs() {
    LDFLAGS='-H windowsgui' windows_program callin.exe
    windows_program callin.com
    signed "$out/callin.exe" "$out/callin.com"
}

# webview2_setup is Microsoft's program that installs what the window needs, webview2_version what it says of itself.
webview2_setup() { echo "$(go list -m -f '{{.Dir}}' github.com/wailsapp/wails/v2)/internal/webview2runtime/MicrosoftEdgeWebview2Setup.exe"; }
webview2_version() {
    node -p 'fs.readFileSync(process.argv[1], "latin1").replaceAll("\0", "").match(/FileVersion([0-9]+(?:\.[0-9]+){3})/)[1]' "$(webview2_setup)"
}

# windows_files lays out what is installed on a PC.
windows_files() {
    local at=$out/windows
    mkdir -p "$at/policy"
    install -m 755 "$out/callin.exe" "$out/callin.com" "$at"
    sed 's/$/\r/' "$out/licences.txt" >"$at/licences.txt"
    cp -r build/windows/policy/. "$at/policy"
    install -m 755 "$(webview2_setup)" "$at"
    x86_64-w64-mingw32-gcc -Wall -Wextra -Werror -O2 -s -shared -static-libgcc -Wl,--no-insert-timestamp \
        -o "$at/setup.dll" build/windows/installer/{setup,sweep,msi}.c -lmsi -ladvapi32 -lshell32 -lntdll
    signed "$at/setup.dll"
    find "$at" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
}

# windows_zip FILE is what is to stay where it is unpacked.
windows_zip() {
    local at=callin-$version
    mkdir "$out/$at"
    cp -r "$out/windows/". "$out/$at"
    rm "$out/$at/setup.dll" "$out/$at/MicrosoftEdgeWebview2Setup.exe"
    packed "$1" "$at"
}

# windows_installer FILE [MAKENSIS OPTION…] makes the installer.
windows_installer() {
    say "packing $1"
    if [ -n "${signs[*]:-}" ]; then
        signer
        set -- "$@" -DSIGN="$PWD/$out/signer"
    fi
    makensis "${@:2}" -V2 -WX -NOCONFIG -DVERSION="$version" -DNUMBERS="$(numbers)" -DFROM="$PWD/$out/windows" \
        -DICON="$PWD/$out/resources/icon.ico" -DTO="$(realpath "$bin")/$1" build/windows/installer/callin.nsi
    signed "$bin/$1"
}

# windows_pages writes what goes with installer and MSI: a page for Intune, and the manifests of winget, whose address and
# checksum are of the installer as it is released.
windows_pages() {
    local file sum product installer=callin_${version}_windows_amd64_setup.exe msi=callin_${version}_windows_amd64.msi
    sum=$(sha256sum "$bin/$installer")
    product=$(identifier "product $version $commit")
    filled build/windows/intune.txt -e "s#@MSI@#$msi#g; s#@INSTALLER@#$installer#g; s#@PRODUCTCODE@#{$product}#g" | sed 's/$/\r/' >"$bin/callin_${version}_intune.txt"
    mkdir "$out/winget"
    for file in build/windows/winget/*.yaml; do
        filled "$file" -e "s#@INSTALLER@#$installer#g; s#@SHA256@#$(tr a-f A-F <<<"${sum%% *}")#g" >"$out/winget/${file##*/}"
    done
    packed "callin_${version}_winget.tar.gz" winget
    if [ -d "$out/windows/policy" ] && [ -n "$(ls "$out/windows/policy")" ]; then
        cp -r "$out/windows/policy" "$out/policy"
        packed "callin_${version}_policy.zip" policy
    fi
}

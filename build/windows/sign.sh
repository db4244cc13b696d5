# Sourced by build/package: signatures by osslsigncode, with a certificate from a file or a token.

# signing_asks reads what follows --sign: --cert FILE, --key FILE, --pkcs11 ADDRESS (of the key in a token, with --module
# FILE, its library), --passphrase FILE, --timestamp URL; asked is how many words that were. A passphrase or PIN is read
# from a file, as everybody sees command lines. The certificate's file has those between it and its authority, too.
signing_asks() {
    signs=(-h sha256 -n Callin) asked=0
    local pkcs11=
    while [ $# -gt 1 ]; do
        case $1 in
        --cert) signs+=(-certs "$(realpath "$2")") ;;
        --key) signs+=(-key "$(realpath "$2")") ;;
        --pkcs11) signs+=(-key "$2") pkcs11=1 ;;
        --module) signs+=(-pkcs11module "$(realpath "$2")") ;;
        --passphrase) signs+=(-readpass "$(realpath "$2")") ;;
        --timestamp) signs+=(-ts "$2") ;;
        *) break ;;
        esac
        shift 2
        asked=$((asked + 2))
    done
    [[ " ${signs[*]} " == *' -certs '* && " ${signs[*]} " == *' -key '* ]] || { say 'to sign needs --cert FILE, and --key FILE or --pkcs11 ADDRESS'; return 2; }
}

# signed FILE… signs files in place, if that was asked for.
signed() {
    local file
    [ -n "${signs[*]:-}" ] || return 0
    for file in "$@"; do
        osslsigncode sign "${signs[@]}" -in "$file" -out "$file.signed" >"$out/osslsigncode.log" 2>&1 || { cat "$out/osslsigncode.log" >&2; return 1; }
        chmod --reference "$file" "$file.signed"
        mv "$file.signed" "$file"
    done
}

# signer writes a program that signs one file, for makensis, which builds the uninstaller itself.
signer() {
    {
        printf '#!/bin/bash\nset -e\nout=%q\nsay() { echo "$*" >&2; }\n' "$PWD/$out"
        declare -p signs
        declare -f signed
        echo 'signed "$1"'
    } >"$out/signer"
    chmod 700 "$out/signer"
}

# Sourced by build/windows/windows.sh: the MSI. Needs what that needs.

# identifier SOMETHING is the same one of each time for the same thing.
identifier() {
    local sum
    sum=$(printf 'callin %s' "$1" | sha256sum)
    printf '%s-%s-5%s-8%s-%s' "${sum:0:8}" "${sum:8:4}" "${sum:13:3}" "${sum:17:3}" "${sum:20:12}" | tr a-f A-F
}

# windows_msi FILE makes the MSI. wixl knows no order of actions beyond its own, hides and secures nothing, keeps no version
# of a file and takes identifiers and times as they come: the tables are put right afterwards.
windows_msi() {
    local msi=$bin/$1 product package sql
    say "packing $1"
    product=$(identifier "product $version $commit") package=$(identifier "package $version $commit")
    cp build/windows/msi/callin.wxs "$out/callin.wxs"
    (cd "$out" && wixl -a x64 -D Product="$product" -D Package="$package" -D Version="${version%%~*}" -o "$PWD/../made.msi" callin.wxs)
    mv "$out/../made.msi" "$msi"
    while read -r sql; do
        [ -z "$sql" ] || [[ $sql == '#'* ]] || msibuild "$msi" -q "$sql" || return
    done < <(filled build/windows/msi/tables.sql)
    msibuild "$msi" -s 'Callin' 'The authors of Callin' 'x64;1033' "{$package}"
    go run ./build/msidate "$msi" "$SOURCE_DATE_EPOCH"
    signed "$msi"
}

# Sourced by build/package --test: what it makes is tried. Needs its variables.

# try_again builds the commit in another folder: the files must be the same.
try_again() {
    local clone file
    [[ $version != *~changes ]] || { say 'a second build is of the commit alone: commit the changes first'; return 1; }
    clone=$(mktemp -d)
    say "building the commit again, in $clone"
    git clone --quiet . "$clone/again"
    "$clone/again/build/package" ${update_key:+--update-key "$update_key"} >"$clone/log" 2>&1 || { tail -n 30 "$clone/log"; rm -rf "$clone"; return 1; }
    for file in $(awk '{ print $2 }' "$bin/SHA256SUMS"); do
        cmp "$bin/$file" "$clone/again/$bin/$file" || { say "kept to be compared: $clone"; return 1; }
    done
    cmp "$bin/SHA256SUMS" "$clone/again/$bin/SHA256SUMS"
    rm -rf "$clone"
    say 'the second build is equal, byte for byte'
}

# try_sbom looks for each module, npm package and program of Microsoft's that is shipped in the file that names them, with a licence.
try_sbom() {
    local sbom=$bin/callin_${version}_sbom.cdx.json named folder
    named=$(node -p 'require("./" + process.argv[1]).components.filter((c) => c.licenses[0].expression).map((c) => decodeURIComponent(c.purl)).join("\n")' "$sbom")
    {
        go version -m "$out"/{desk,station,callin.exe,callin.com} | awk '$1 == "dep" { print "pkg:golang/" $2 "@" $3 }'
        echo "pkg:generic/MicrosoftEdgeWebview2Setup.exe@$(webview2_version)"
        while read -r folder; do node -p 'let p = require("./" + process.argv[1] + "/package.json"); `pkg:npm/${p.name}@${p.version}`' "$folder"; done <"$out/shipped"
    } | sort -u >"$out/known"
    grep -vxFf <(echo "$named") "$out/known" && { say 'these are shipped and not named'; return 1; }
    say "all $(wc -l <"$out/known") modules, packages and programs that are shipped are named, with a licence"
}

# older makes a package of a lower version out of one, for an upgrade.
older() {
    local folder
    folder=$(mktemp -d)
    dpkg-deb -R "$1" "$folder/package"
    sed -i 's/^Version: .*/Version: 0.0.1/' "$folder/package/DEBIAN/control"
    dpkg-deb --root-owner-group -Znone --build "$folder/package" "$2" >/dev/null
    rm -rf "$folder"
}

# try_packages has a new Debian, or Ubuntu, install, run, upgrade and remove both packages.
try_packages() {
    local debian desk=callin_${version}_$arch.deb station=callin-station_${version}_$arch.deb name
    lintian --fail-on error --allow-root "$bin/$desk" "$bin/$station" || return
    for name in "$desk" "$station"; do
        echo "$name:"
        dpkg-deb -c "$bin/$name" | awk '!/\/$/ { printf "  %s %9d %s\n", $1, $3, $6 }'
    done
    [ "$(id -u)" = 0 ] || { say 'only root can make a system to try the packages in'; return 1; }
    debian=$(mktemp -d)
    trap 'umount -l "'"$debian"'"/{proc,dev} 2>/dev/null; rm -rf --one-file-system "'"$debian"'"' EXIT
    say 'making a new system'
    mmdebstrap --quiet --variant=minbase --include=curl,ca-certificates,iproute2 "$(. /etc/os-release && echo "$VERSION_CODENAME")" "$debian"
    mount -t proc proc "$debian/proc"
    mount --rbind /dev "$debian/dev"
    mount --make-rslave "$debian/dev"
    mkdir "$debian/try"
    cp "$bin/$desk" "$debian/try/callin.deb"
    cp "$bin/$station" "$debian/try/callin-station.deb"
    older "$bin/$desk" "$debian/try/callin-older.deb"
    older "$bin/$station" "$debian/try/callin-station-older.deb"
    cp build/linux/try-inside "$debian/try/inside"
    for name in callin-station callin; do
        say "trying $name"
        chroot "$debian" /try/inside "$name" "$version" || { say "$name: this failed"; return 1; }
    done
    say 'both packages install, run, upgrade and go'
}

# try_container builds the image and runs it as a container would: its own root that is read-only, nobody in
# particular, no network but loopback.
try_container() {
    local dir code=0
    dir=$(mktemp -d)
    mkdir "$dir"/{image,root,data}
    say 'building the container image'
    tar -C "$dir/image" -xzf "$bin/callin-container_${version}_linux_$arch.tar.gz"
    local images=(buildah --storage-driver vfs --root "$dir/images" --runroot "$dir/run")
    {
        "${images[@]}" bud --isolation chroot --format docker --timestamp "$SOURCE_DATE_EPOCH" -t callin "$dir/image" &&
            "${images[@]}" from --name callin callin && "${images[@]}" mount callin >"$dir/at"
    } >"$dir/log" 2>&1 || { cat "$dir/log"; return 1; }
    mkdir -p "$(cat "$dir/at")/proc" # as whoever runs it does
    cp -a "$(cat "$dir/at")/data/." "$dir/data"
    chown 65532:65532 "$dir/data"
    unshare --net --mount bash -euc '
        ip link set lo up
        mount --bind "$1" "$2/root" && mount -o remount,ro,bind "$2/root"
        mount --bind "$2/data" "$2/root/data" && mount -t proc proc "$2/root/proc"
        inside() { exec env -i HOME=/data /usr/sbin/chroot --userspec=65532:65532 --groups= "$root" "$@"; }
        root=$2/root
        (inside /callin station --service --data /data >"$2/said" 2>&1) &
        station=$!
        trap "kill $station 2>/dev/null || true" EXIT
        for i in {1..300}; do
            (inside /callin desks list --data /data >"$2/desks" 2>&1) && break
            kill -0 "$station" 2>/dev/null || break
            sleep 0.1
        done
        cat "$2/desks"
        curl -sSk https://127.0.0.1:8443/ | grep -qi "<!doctype html>"
        kill "$station"
        wait "$station"' container "$(cat "$dir/at")" "$dir" || { code=1; cat "$dir"/{said,desks} || true; }
    "${images[@]}" rm --all >/dev/null
    rm -rf --one-file-system "$dir"
    [ $code = 0 ] && say 'the container answers, with a root that is read-only'
    return $code
}

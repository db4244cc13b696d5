# Sourced by build/package: the packages of Debian and Ubuntu. Needs its variables.

# deb_begin NAME makes the folder of a package, with what each of them has; the program is $2.
deb_begin() {
    root=$out/$1
    mkdir -p "$root/DEBIAN"
    install -D -m 755 "$2" "$root/usr/bin/callin"
    local doc=$root/usr/share/doc/$1
    install -D -m 644 "$out/licences.txt" "$doc/licences"
    gzip -9n "$doc/licences"
    cat >"$doc/copyright" <<END
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: Callin
Comment:
 Callin contains parts that others made. licences.gz beside this file names
 each of them, with its authors and the whole text of its licence.

Files: *
Copyright: $(date -d "@$SOURCE_DATE_EPOCH" +%Y) The authors of Callin
License: Callin
 Nothing was granted but what the authors of Callin agreed with you.
END
    mkdir -p "$root/usr/share/lintian/overrides"
    cat >"$root/usr/share/lintian/overrides/$1" <<END
# The authors have given out no address.
$1: bogus-mail-host
$1: bogus-mail-host-in-debian-changelog
END
    cat <<END | gzip -9n >"$doc/changelog.gz"
$1 ($version) unstable; urgency=medium

  * Built from commit $commit.

 -- The authors of Callin <callin@localhost>  $(date -R -d "@$SOURCE_DATE_EPOCH")
END
}

# deb_end NAME writes what the package says of itself, from standard input, and builds it.
deb_end() {
    cat >"$root/DEBIAN/control"
    cat >>"$root/DEBIAN/control" <<END
Version: $version
Architecture: $arch
Maintainer: The authors of Callin <callin@localhost>
Section: sound
Priority: optional
Installed-Size: $(du -ks --apparent-size --exclude=DEBIAN "$root" | cut -f1)
END
    (cd "$root" && find . -path ./DEBIAN -prune -o -type f -printf '%P\n' | sort | xargs md5sum) >"$root/DEBIAN/md5sums"
    find "$root" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
    DPKG_DEB_THREADS_MAX=1 dpkg-deb --root-owner-group -Zxz --build "$root" "$bin/${1}_${version}_$arch.deb" >/dev/null
}

# libraries are the packages whose libraries a program needs.
libraries() {
    mkdir -p "$out/shlibs/debian"
    printf 'Source: callin\n\nPackage: callin\nArchitecture: any\n' >"$out/shlibs/debian/control"
    (cd "$out/shlibs" && dpkg-shlibdeps -O "$OLDPWD/$1" 2>/dev/null | sed -n 's/^shlibs:Depends=//p')
}

deb_desk() {
    local size
    deb_begin callin "$out/desk"
    install -D -m 644 build/linux/callin.desktop "$root/usr/share/applications/callin.desktop"
    desktop-file-validate "$root/usr/share/applications/callin.desktop"
    for size in 16 24 32 48 64 128 256 512; do
        mkdir -p "$root/usr/share/icons/hicolor/${size}x$size/apps"
        convert build/appicon.png -resize "$size" -depth 8 -strip -define png:exclude-chunks=date,time "$root/usr/share/icons/hicolor/${size}x$size/apps/callin.png"
    done
    deb_end callin <<END
Package: callin
Depends: $(libraries "$out/desk")
Recommends: chromium | google-chrome-stable | microsoft-edge-stable | firefox-esr | firefox, gnome-keyring
Suggests: espeak-ng
Conflicts: callin-station
Description: call-in desk of a radio show
 Listeners phone the station and wait in a queue; the host takes them on air
 from the studio PC. This is a desk of a station elsewhere, or a station and
 its first desk at once. It opens in Chromium, Chrome, Edge or Firefox.
END
}

# packaged_unit is the unit as the package has it: the program is where packages put it, its user is the package's, and how
# to lay it there by hand is not said.
packaged_unit() {
    sed -n '/^\[Unit\]$/,$p' build/linux/callin.service |
        sed -e 's#^ExecStart=/usr/local/bin/#ExecStart=/usr/bin/#' -e 's#^DynamicUser=yes$#User=callin#' \
            -e 's/^# Its user is made for it; its folder/# The package makes its user; its folder/'
}

deb_station() {
    deb_begin callin-station "$out/station"
    mkdir -p "$root/usr/lib/systemd/system"
    packaged_unit >"$root/usr/lib/systemd/system/callin.service"
    install -D -m 644 build/linux/station/callin.sysusers "$root/usr/lib/sysusers.d/callin.conf"
    install -D -m 600 build/linux/station/callin.toml "$root/etc/callin/callin.toml"
    install -m 755 build/linux/station/{postinst,prerm,postrm} "$root/DEBIAN"
    echo /etc/callin/callin.toml >"$root/DEBIAN/conffiles"
    cat >>"$root/usr/share/lintian/overrides/callin-station" <<END
# One program that runs wherever there is a Linux, also without any library.
callin-station: statically-linked-binary
# The settings hold secrets, which systemd hands to the service.
callin-station: non-standard-file-perm
END
    deb_end callin-station <<END
Package: callin-station
Depends: systemd (>= 247), init-system-helpers (>= 1.54), ca-certificates
Conflicts: callin
Description: station of the call-in desk Callin, as a service
 Listeners phone the station and wait in a queue; the host takes them on air
 from the studio PC. This is a station without a window, for a server or a
 closet, to which desks on PCs and in browsers belong.
END
}

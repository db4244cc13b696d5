# Sourced by build/test and build/package: the system packages that they need. Needs say.

# packages_install installs those that are missing, on Debian and Ubuntu.
packages_install() {
    local missing=() package
    command -v dpkg-query >/dev/null || { say 'not Debian or Ubuntu: the packages of build/packages.sh must be there'; return 0; }
    for package in "$@"; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
    done
    [ ${#missing[@]} = 0 ] && return
    say "installing the system's packages ${missing[*]}"
    local root=()
    [ "$(id -u)" = 0 ] || root=(sudo)
    "${root[@]}" apt-get update -q && "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}"
}

window_packages=(build-essential pkg-config libgtk-3-dev libwebkit2gtk-4.1-dev)

test_packages=("${window_packages[@]}" xvfb xauth dbus gnome-keyring at-spi2-core gir1.2-atspi-2.0 python3-gi python3-twilio imagemagick xdotool iproute2
    util-linux procps systemd espeak-ng wine wine64 gcc-mingw-w64-x86-64-win32)
# Ubuntu's chromium is a snap, which a test cannot start as root.
command -v google-chrome >/dev/null || test_packages+=(chromium)
# What the tests do without where it is not to be had: they take longer, and try no sound devices.
wished_packages=(chromium-headless-shell pulseaudio pulseaudio-utils)

package_packages=("${window_packages[@]}" ca-certificates desktop-file-utils git imagemagick xz-utils zip
    gcc-mingw-w64-x86-64-win32 msitools nsis osslsigncode wixl) # the latter for Windows
# What tries the packages in a system of its own.
package_test_packages=(buildah curl iproute2 libengine-pkcs11-openssl lintian mmdebstrap openssl softhsm2 util-linux wine wine64)

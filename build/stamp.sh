# Sourced by build/package and build/windows/try.sh: which Callin is built, and how its stamp gets into it. Needs say.

umask 022
export LC_ALL=C TZ=UTC
commit=$(git rev-parse HEAD)
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
date=$(date -d "@$SOURCE_DATE_EPOCH" +%Y-%m-%dT%H:%M:%SZ)
export SOURCE_DATE_EPOCH
version=$(node -p 'require("./wails.json").info.productVersion')
if [ -n "$(git status --porcelain)" ]; then
    version+='~changes'
    say "there are changes that are in no commit: this is called $version"
fi
arch=$(dpkg --print-architecture)

out=build/out/package bin=build/bin

# program FILE [GO BUILD OPTION…] builds Callin with its stamp; LDFLAGS are more of the linker's options.
program() {
    local to=$1
    shift
    say "building $to"
    go build -trimpath -buildvcs=false "$@" -o "$out/$to" -ldflags "-s -w ${LDFLAGS:-} \
        -X callin/app.stampedVersion=$version -X callin/app.stampedCommit=$commit -X callin/app.stampedDate=$date \
        -X callin/app.stampedUpdateKey=${update_public:-}" .
}

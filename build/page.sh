# Sourced by build/run, build/test and build/package: the page's packages and the built page,
# each made again only when what it is made from has changed. Needs say.

# page_packages installs the page's packages as package-lock.json names them.
page_packages() {
    local stamp=frontend/node_modules/.callin-lock
    cmp -s frontend/package-lock.json "$stamp" && return
    say "installing the page's packages (once)"
    (cd frontend && PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund --no-update-notifier --loglevel=error) >&2 || return
    cp frontend/package-lock.json "$stamp"
}

# page_build builds frontend/dist from its sources.
page_build() {
    local stamp=frontend/node_modules/.callin-page now
    now=$(cd frontend && find . \( -path ./node_modules -o -path ./dist -o -path ./e2e -o -path ./test-results \) -prune \
        -o -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum)
    [ -f frontend/dist/index.html ] && [ "$(cat "$stamp" 2>/dev/null)" = "$now" ] && return
    say 'building the page'
    (cd frontend && npm run --silent build -- --logLevel warn) >&2 || return
    printf '%s\n' "$now" >"$stamp"
}

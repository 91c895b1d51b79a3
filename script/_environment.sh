# Sourced by the commands: makes .venv with the locked packages, and does nothing when it is as it should be.
# The caller has changed to the root of the checkout.

find_python() {
    for python in python3 python3.13 python3.12 python3.11; do
        if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$python"
            return
        fi
    done
    echo "Python 3.11 or newer is needed: python3 is missing or older." >&2
    return 1
}

make_venv() {
    if .venv/bin/python -m pip --version >/dev/null 2>&1; then
        return
    fi
    python=$(find_python)
    echo "Making .venv with $("$python" --version) ..."
    if ! "$python" -m venv --clear .venv; then
        echo "Python's venv module does not work here. On Debian and Ubuntu: apt install python3-venv" >&2
        return 1
    fi
}

# install_locked FILE: the lock file that was installed last is kept beside the packages.
install_locked() {
    if cmp -s "$1" ".venv/$1"; then
        return
    fi
    echo "Installing $1 ..."
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes -r "$1"
    cp "$1" ".venv/$1"
}

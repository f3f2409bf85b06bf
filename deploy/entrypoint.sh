#!/bin/sh
# What a container of this image is for: its first argument. Each role takes this
# shell's place, so that it hears for itself that it is to stop.
set -eu

manage() {
    exec python /srv/examgen/manage.py "$@"
}

# What goes on until it is told to stop says who it is: `health` looks after it.
serve() {
    echo "$role $$" >/tmp/examgen-role
    manage "$@"
}

role="${1:-web}"
case "$role" in
    web) serve web --bind 0.0.0.0:8000 ;;
    worker-fast) serve work --queue fast ;;
    worker-heavy) serve work --queue heavy ;;
    migrate) manage migrate --no-input ;;
    demo) manage seed_demo --if-demo ;;
    manage)
        shift
        manage "$@"
        ;;
    health) exec python -I /srv/examgen/deploy/health.py ;;
    *)
        echo "Unknown role: $role." >&2
        echo "Roles: web, worker-fast, worker-heavy, migrate, demo," \
            "manage COMMAND ..., health." >&2
        exit 64
        ;;
esac

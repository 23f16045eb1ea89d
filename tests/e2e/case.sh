# shellcheck shell=bash
# What every case begins with: `convert` lays the output over the project as the README says; `compose` speaks to its services.
# shellcheck source=lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
place=$EKIBEN_E2E/cases/$CASE
corpus=$root/corpus/$CASE

# convert APP ARGUMENTS...: a build context in $place, the project in APP with the output at its root.
convert() {
    local app=$1 code=0
    shift
    inputs=("$corpus" "$@")
    rm -rf "$place" && mkdir -p "$place"
    cp -R "$app/." "$place/"
    "$EKIBEN" convert "$corpus" "$@" -o "$EKIBEN_E2E/output/$CASE" --force >"$EKIBEN_E2E/logs/$CASE-convert.log" 2>&1 || code=$?
    # Findings about the input (exit code 1) are no failure of the conversion.
    if [ "$code" -gt 1 ]; then
        failed "convert" "exit code $code"
        return 1
    fi
    cp -R "$EKIBEN_E2E/output/$CASE/." "$place/"
    cd "$place"
    passed "convert" "$(tail -n 1 "$EKIBEN_E2E/logs/$CASE-convert.log" | sed 's/.*: //')"
    timed "base images" "$here/images" .
}

export COMPOSE_ANSI=never COMPOSE_PROGRESS=plain
compose() { docker compose "$@"; }

# container SERVICE: its id, also of one that has ended.
container() { compose ps -aq "$1" | head -n 1; }

# state SERVICE FORMAT: something that `docker inspect` knows of it.
state() { docker inspect --format "$2" "$(container "$1")"; }

# http ARGUMENTS...: the status code.
http() { curl -s -o /dev/null -w '%{http_code}' --max-time 60 "$@"; }

# build_times SOURCE-FILE STEP [ARGUMENTS...]: from nothing, by Compose with nothing changed, and with a line more in one source file, where no
# library may be installed again (STEP is what installs them). ARGUMENTS are those of `docker build`.
build_times() {
    local source=$1 step=$2 log=$EKIBEN_E2E/logs/$CASE-source-change.log
    shift 2
    # Compose would build each service's image from nothing, one after the other.
    if [ -n "${E2E_WARM:-}" ]; then
        timed "build, with what is cached" docker buildx build --progress plain "$@" . || return 1
    else
        timed "build, nothing cached" docker buildx build --progress plain --no-cache "$@" . || return 1
    fi
    timed "build by Compose, nothing changed" compose build || return 1
    printf '\n' >>"$source"
    if timed "build, one source file changed" bash -c "docker compose build >'$log' 2>&1"; then
        # `#12 [gems 4/4] RUN … bundle install` is followed by `#12 CACHED`.
        local ran
        ran=$(awk -v step="$step" '$0 ~ "^#[0-9]+ \\[" && index($0, step) { of[$1] = 1 } /CACHED$/ { delete of[$1] } END { for (one in of) print one }' "$log")
        expect "libraries stay as they are" "" "$ran"
    fi
}

sizes() {
    local image
    for image in $(compose config --images | grep ":local$" | sort -u); do
        noted "size of $image" "$(($(docker image inspect --format '{{.Size}}' "$image" 2>/dev/null || echo 0) / 1000000)) MB"
    done
}

# verify_image IMAGE: nothing in the image is other than what Chef would have left, but for what is listed.
verify_image() {
    timed "verify-image $1" "$EKIBEN" verify-image "$1" "${inputs[@]}"
}

# up: everything that starts by itself runs, and what has a check is healthy.
up() {
    timed "up --wait" compose up --wait --wait-timeout 300 || { compose ps -a >&2; compose logs --tail 30 >&2; return 1; }
    local service bad=""
    for service in $(compose config --services); do
        case "$(state "$service" '{{.State.Status}} {{.State.ExitCode}} {{if .State.Health}}{{.State.Health.Status}}{{end}}')" in
            "running 0 " | "running 0 healthy" | "exited 0 "*) ;;
            *) bad="$bad $service" ;;
        esac
    done
    expect "all services run or have ended with 0" "" "$bad"
}

# identity SERVICE UID:GID PROCESS: who runs, what is process 1, and what must not be in an image.
identity() {
    local service=$1 id
    id=$(container "$service")
    expect "$service: user" "$2" "$(docker exec "$id" sh -c 'echo "$(id -u):$(id -g)"')"
    matches "$service: process 1" "$3" "$(docker exec "$id" sh -c "tr '\\0' ' ' </proc/1/cmdline")"
    expect "$service: no compiler, no git, no package lists" "" \
        "$(docker exec "$id" sh -c 'for one in gcc cc g++ make git; do command -v $one; done; ls -A /var/lib/apt/lists /var/cache/apt/archives 2>/dev/null | grep -E "_Packages|_InRelease|\.deb$"' | tr '\n' ' ')"
}

# writable SERVICE FOLDER...: these and nothing else of the source; the output's own folders are not in the image.
writable() {
    local service=$1 id found
    shift
    id=$(container "$service")
    found=$(docker exec "$id" sh -c 'find . -xdev -writable -not -type l -not -path "./tmp/*" -not -path "./log/*" | sed "s,^\./,," | sort' | tr '\n' ' ')
    expect "$service: writable" "$*" "${found% }"
    expect "$service: nothing of the set-up in the image" "" \
        "$(docker exec "$id" sh -c 'ls -d container/agents container/mounts container/local.env kubernetes compose.yaml Dockerfile .ekiben report.md secrets.md .env .env.example .git .npmrc 2>/dev/null' | tr '\n' ' ')"
}

# tasks: each scheduled task, with the command that its CronJob has.
tasks() {
    local service
    for service in $(compose --profile cron config --services | grep '^cron-' | sort); do
        timed "$service" compose run --rm -T "$service"
    done
}

# stops SERVICE EXIT-CODE: within its grace, and not killed.
stops() {
    local grace start=$EPOCHREALTIME seconds
    grace=$(state "$1" '{{.Config.StopTimeout}}' | grep -E '^[0-9]+$' || echo 10)
    compose stop "$1" >/dev/null 2>&1
    seconds=$(since "$start")
    local code
    code=$(state "$1" '{{.State.ExitCode}}')
    if [ "$code" = "$2" ] && awk "BEGIN { exit !($seconds < $grace) }"; then
        passed "$1: stops" "$seconds s of $grace, exit code $code"
    else
        failed "$1: stops" "$seconds s of $grace, exit code $code, wanted $2"
    fi
}

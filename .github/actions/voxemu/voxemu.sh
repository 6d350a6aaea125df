#!/usr/bin/env bash
# voxemu.sh start|stop: what the action does, with the variables of GitHub Actions.
set -euo pipefail
work=$RUNNER_TEMP/voxemu

# download gets a release and compares it with its checksum.
download() {
  local system cpu name base
  case $(uname -s) in
    Linux) system=linux ;;
    Darwin) system=darwin ;;
    *) echo "voxemu: no release for $(uname -s) here; give archive" >&2; return 1 ;;
  esac
  case $(uname -m) in
    x86_64) cpu=amd64 ;;
    aarch64 | arm64) cpu=arm64 ;;
    *) echo "voxemu: no release for $(uname -m)" >&2; return 1 ;;
  esac
  name=voxemu_${VOXEMU_VERSION}_${system}_$cpu.tar.gz
  base=https://github.com/voxemu/voxemu/releases/download/v$VOXEMU_VERSION
  curl --fail --silent --show-error --location --retry 3 --output "$work/$name" "$base/$name"
  curl --fail --silent --show-error --location --retry 3 --output "$work/checksums.txt" "$base/checksums.txt"
  (cd "$work" && grep -F "  $name" checksums.txt | { sha256sum -c - 2>/dev/null || shasum -a 256 -c -; }) >&2
  VOXEMU_ARCHIVE=$work/$name
}

install() {
  if [ -z "$VOXEMU_ARCHIVE$VOXEMU_VERSION" ] && command -v voxemu >/dev/null; then return; fi
  if [ -z "$VOXEMU_ARCHIVE$VOXEMU_VERSION" ]; then
    echo "voxemu: give version or archive, or install voxemu before" >&2
    return 1
  fi
  [ -n "$VOXEMU_ARCHIVE" ] || download
  mkdir -p "$work/bin"
  tar -xzf "$VOXEMU_ARCHIVE" -C "$work/bin" --strip-components 1
  export PATH="$work/bin:$PATH"
  echo "$work/bin" >>"$GITHUB_PATH"
}

start() {
  rm -rf "$work"
  mkdir -p "$work/report"
  install
  local all=() one ready=
  for one in $VOXEMU_SCENARIO; do all+=(--scenario "$one"); done
  # shellcheck disable=SC2086 # the arguments are separated by spaces
  nohup voxemu serve --addr 127.0.0.1:0 --tls-addr 127.0.0.1:0 "${all[@]}" $VOXEMU_ARGUMENTS >/dev/null 2>"$work/report/log.txt" &
  echo $! >"$work/pid"
  for ((i = 0; i < 300; i++)); do
    ready=$(sed -n 's/^voxemu ready http=\([^ ]*\).*/\1/p' "$work/report/log.txt")
    if [ -n "$ready" ] || ! kill -0 "$(cat "$work/pid")" 2>/dev/null; then break; fi
    sleep 0.1
  done
  if [ -z "$ready" ]; then
    cat "$work/report/log.txt" >&2
    return 1
  fi
  export VOXIMPLANT_EMULATOR_HOST=${ready#http://}
  voxemu wait --timeout 10s
  voxemu env --shell github >>"$GITHUB_ENV"
  echo "url=$ready" >>"$GITHUB_OUTPUT"
}

stop() {
  local failed=0
  voxemu report --report "$work/report" >/dev/null || failed=1
  voxemu requests --json >"$work/report/requests.json" || failed=1
  voxemu requests har --out "$work/report/requests.har" || failed=1
  voxemu state >"$work/report/state.yaml" || failed=1
  if ! voxemu verify --mistake any --times 0 >"$work/report/mistakes.txt" 2>&1; then
    sed 's/^/::warning title=voxemu::/' "$work/report/mistakes.txt"
    [ "$VOXEMU_FAIL_ON_MISTAKES" != true ] || failed=1
  fi
  kill "$(cat "$work/pid")" || failed=1
  return $failed
}

case ${1:-} in
  start) start ;;
  stop) stop ;;
  *) echo "voxemu: command: want start or stop, got '${1:-}'" >&2; exit 1 ;;
esac

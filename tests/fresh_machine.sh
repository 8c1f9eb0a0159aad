#!/bin/bash
# Proves the bare machine: makes a minimal Debian 12 with debootstrap, puts a fresh clone of this
# repository's HEAD into it and runs both commands of the README there, with empty caches. Needs
# root, some 6 GB of disk and the network; run it by hand before a release.
#   tests/fresh_machine.sh                    both commands
#   tests/fresh_machine.sh 'COMMAND'...       these, in the clone
# Environment: FRESH_FOLDER  where it is made (default: a temporary folder, removed at the end)
# Each command's whole output is left in FRESH_LOGS (default build/fresh_machine).
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
suite=bookworm
[ $# -gt 0 ] || set -- launch/quickstart.sh tests/run.sh
[ "$(id -u)" = 0 ] || { echo "fresh_machine.sh: only root may make a machine (chroot)" >&2; exit 4; }

logs=${FRESH_LOGS:-$here/build/fresh_machine}
root=${FRESH_FOLDER:-$(mktemp -d /var/tmp/fresh_machine.XXXXXX)}
mkdir -p "$root" "$logs"
# Mounts live in a namespace of their own and end with it; nothing of the host can be under $root.
inside=
leave() {
  [ -z "$inside" ] || kill -KILL "$inside" 2>/dev/null || true  # its children die with it
  [ -n "${FRESH_FOLDER:-}" ] || rm -rf --one-file-system "$root"
}
trap leave EXIT
trap 'exit 130' INT TERM

# The mirror this host uses for the suite, or debootstrap's own.
mirror() {
  apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' "Codename: $suite" 'Label: Debian' \
    2>/dev/null | sort -u | head -n 1
}

# What lets this host reach the registries goes along: name service, mirrors, pip's settings,
# proxies, certificates. Its packages and its caches do not.
carry_network_settings() {
  local file
  cp -L /etc/resolv.conf /etc/hosts "$root/etc/"
  if [ -n "$1" ]; then
    for file in /etc/apt/sources.list /etc/apt/sources.list.d/*; do
      grep -qsF "${1%/}" "$file" && { rm -f "$root/etc/apt/sources.list"; cp "$file" "$root/etc/apt/${file#/etc/apt/}"; }
    done
  fi
  for file in /etc/apt/apt.conf.d/*; do
    if grep -qsi '^ *Acquire' "$file"; then cp "$file" "$root/etc/apt/apt.conf.d/"; fi
  done
  if [ -e /etc/pip.conf ]; then cp /etc/pip.conf "$root/etc/"; fi
  if [ -e "$HOME/.config/pip" ]; then mkdir -p "$root/root/.config" && cp -r "$HOME/.config/pip" "$root/root/.config/"; fi
  if [ -e /etc/ssl/certs/ca-certificates.crt ]; then
    cp -L /etc/ssl/certs/ca-certificates.crt "$root/etc/host-certificates.crt"
    echo 'Acquire::https::CAInfo "/etc/host-certificates.crt";' >"$root/etc/apt/apt.conf.d/90host-certificates"
  fi
}

# The environment inside: the host's proxies and pip settings, its certificates, nothing else.
inner_environment() {
  env | grep -iE '^(https?_proxy|no_proxy|all_proxy|PIP_[A-Z_]+)=' | grep -v '^PIP_\(CERT\|FIND_LINKS\|CACHE_DIR\|CONFIG_FILE\)=' || true
  echo HOME=/root; echo USER=root; echo LANG=C.UTF-8; echo TERM=dumb
  echo PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
  if [ -e "$root/etc/host-certificates.crt" ]; then
    local name
    for name in PIP_CERT SSL_CERT_FILE REQUESTS_CA_BUNDLE CURL_CA_BUNDLE; do echo "$name=/etc/host-certificates.crt"; done
  fi
}

# enter COMMAND: in the clone, with /proc, /dev and a shared memory of its own.
enter() {
  local environment
  mapfile -t environment < <(inner_environment)
  unshare --mount --pid --fork --kill-child --propagation private bash -c '
    root=$1; shift
    mount -t proc proc "$root/proc" && mount --rbind /dev "$root/dev" && mount -t tmpfs tmpfs "$root/dev/shm" &&
      mount -t sysfs -o ro sysfs "$root/sys" && exec chroot "$root" env -i "$@"' _ "$root" \
    "${environment[@]}" bash -c "cd /srv/arf && $1" </dev/null &
  inside=$!
  wait "$inside"
}

if [ ! -e "$root/etc/debian_version" ]; then
  source "$here/launch/setup.sh"
  need_packages debootstrap
  uri=$(mirror || true)
  echo "fresh_machine.sh: making a Debian $suite in $root"
  debootstrap --variant=minbase "$suite" "$root" ${uri:+"$uri"} >"$logs/debootstrap.log" 2>&1 ||
    { tail -n 5 "$logs/debootstrap.log" >&2; exit 4; }
  carry_network_settings "$uri"
fi
rm -rf "$root/srv/arf"
git clone --quiet --no-hardlinks "$here" "$root/srv/arf"
echo "fresh_machine.sh: Debian $(cat "$root/etc/debian_version"), $(chroot "$root" dpkg-query -W -f '.' | wc -c) packages, commit $(git -C "$root/srv/arf" rev-parse --short HEAD)"

worst=0 number=0
for command; do
  number=$((number + 1))
  log=$logs/$number.log
  echo "fresh_machine.sh: \$ $command"
  started=$SECONDS
  code=0
  enter "$command" >"$log" 2>&1 || code=$?
  tail -n 15 "$log"
  echo "fresh_machine.sh: exit $code after $((SECONDS - started)) s; all of it: $log"
  [ "$code" = 0 ] || worst=1
done
exit $worst

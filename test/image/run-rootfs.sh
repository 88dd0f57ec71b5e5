#!/usr/bin/env bash
# Runs a command of an image's file system as a container engine does with --read-only, --user,
# --memory and one writable folder: run-rootfs.sh ROOT UID MEMORY_BYTES WRITABLE COMMAND...
# The caller's environment is the command's. The command is process 1 of a separate process
# namespace; it shares this machine's network and kernel. Needs root.
set -euo pipefail
export root=$1 uid=$2 writable=$4
memory=$3
shift 4

# Sets the memory limit if this machine allows it: control groups of version 2 or 1.
group=none
for parent in /sys/fs/cgroup /sys/fs/cgroup/memory; do
  for file in memory.max memory.limit_in_bytes; do
    candidate=$parent/meemikansio-$$
    [ "$group" = none ] || continue
    mkdir "$candidate" 2>/dev/null || true
    if [ -w "$candidate/$file" ] && echo "$memory" >"$candidate/$file" 2>/dev/null; then
      group=$candidate
      echo $$ >"$group/cgroup.procs"
    else
      rmdir "$candidate" 2>/dev/null || true
    fi
  done
done
echo "memory limit: $group" >&2

exec unshare --mount --pid --fork --kill-child bash -euo pipefail -c '
  mount --bind "$root" "$root"
  mount -t proc proc "$root/proc"
  mount --rbind /dev "$root/dev"
  mount -t tmpfs -o "uid=$uid,gid=$uid,mode=700" tmpfs "$root$writable"
  mount -o remount,ro,bind "$root"
  exec chroot --userspec="$uid:$uid" "$root" /usr/bin/env -u root -u uid -u writable sh -c "cd /app && exec \"\$@\"" sh "$@"
' run "$@"

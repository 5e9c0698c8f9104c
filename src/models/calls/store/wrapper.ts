/**
 * The wrapper: the few lines of POSIX shell between a follower and a command. It outlives its follower, connects the
 * command's streams straight to files, counts the limits, and records how the command ended.
 *
 *     sh -c SCRIPT blueprint-call TRY_DIRECTORY CWD TOTAL_S INACTIVITY_S GRACE_S COMMAND...
 *
 * It must lead a process group of its own (`detached: true`): it ends by killing that group. Exit status 74: it could
 * not write its claim, or not tell who it is. 75: another wrapper has the claim, or the file system has no hard links.
 */
import type { WrapperShell } from './types.js';

const commented = `
d=$1 cwd=$2 total=$3 inactivity=$4 grace=$5
shift 5
# Noclobber: > makes a file that is not there (O_EXCL), or fails.
set -C

# proc(5): after the name, in parentheses, come the state and, as the 20th, the start time.
stat_of() { { read -r s <"/proc/$1/stat"; } 2>/dev/null && s=\${s##*) }; }
born() { birth=\${20}; }
# A zombie under an init that does not reap passes kill -0, so its state is read.
runs() {
  stat_of "$1" || s=$(ps -o stat= -p "$1")
  case $s in '' | Z* | X*) return 1 ;; esac
}
# The first to record the end is the one that counts. Without its line end the record does not count: who was killed
# while it wrote has recorded nothing.
record() { printf '%s\\n' "$1" >"$d/exit"; }

# 1. The claim appears whole or not at all: who loses has started nothing. It is read again before it counts, since
#    on a full disk a part of it may be all that was written.
if stat_of $$; then born $s; else birth=$(LC_ALL=C TZ=UTC0 ps -o lstart= -p $$); fi
{ read -r boot </proc/sys/kernel/random/boot_id; } 2>/dev/null ||
  boot=$(PATH=$PATH:/usr/sbin sysctl -n kern.bootsessionuuid)
[ -n "$birth" ] && [ -n "$boot" ] || exit 74
printf '%s\\n%s\\n%s\\n' "$$" "$birth" "$boot" >|"$d/claim.$$" || exit 74
{ read -r s && read -r s && read -r s; } <"$d/claim.$$" || exit 74
ln "$d/claim.$$" "$d/claim" 2>/dev/null || { rm -f "$d/claim.$$"; exit 75; }

# 2. The watchdog counts its own ticks and reads no clock, so neither a laptop that sleeps nor a clock that jumps ends
#    a call. It outlives a wrapper that is killed alone, and ends the group in its place.
(
  trap '' TERM HUP INT
  rm -f "$d/claim.$$"
  t=0 still=0 size= why=crashed
  while sleep 1 || sleep 1; do
    t=$((t + 1))
    [ -s "$d/exit" ] && kill -KILL 0
    runs $$ || break
    [ -e "$d/../stop" ] && { why=stopped; break; }
    [ "$t" -ge "$total" ] && { why=timeout; break; }
    written=$(wc -c "$d/stdout" "$d/stderr" 2>/dev/null)
    if [ "$written" = "$size" ]; then still=$((still + 1)); else still=0 size=$written; fi
    [ "$still" -ge "$inactivity" ] && { why=inactive; break; }
  done
  # A command that ended in the meantime was not ended by this.
  [ -s "$d/exit" ] && kill -KILL 0
  printf '%s\\n' "$why" >|"$d/ended-by.w" && mv -f "$d/ended-by.w" "$d/ended-by"
  kill -TERM 0
  while [ "$grace" -gt 0 ] && ! [ -s "$d/exit" ]; do
    sleep 1
    grace=$((grace - 1))
  done
  record 137
  kill -KILL 0
) </dev/null >/dev/null 2>&1 &

# 3. The command runs in the foreground: a background job is born deaf to SIGINT and SIGQUIT. The trap keeps this
#    shell alive through a TERM of the group, to record what the command made of it.
trap : TERM HUP INT
if [ -e "$d/../stop" ]; then
  status=143
elif cd "$cwd" 2>>"$d/stderr"; then
  command "$@" <"$d/../prompt.md" >>"$d/stdout" 2>>"$d/stderr"
  status=$?
else
  status=125
  echo unstarted >|"$d/ended-by"
fi
record "$status"

# 4. Whatever the command left behind in the group goes, the watchdog and this shell with it.
kill -KILL 0
`;

/** Without its comments: it stands in the process list, once for each call. */
export const wrapperScript = commented.replace(/^\s*(#.*)?\n/gm, '');

/** POSIX has a shell there on every system that we run on. */
export const defaultWrapper: WrapperShell = { shell: '/bin/sh', options: [], script: wrapperScript };

#!/bin/bash
# Two hosts, which are network namespaces with names of their own and a cable between them. mpirun
# starts a run on both, by ssh where there is a server; then the cable fails. On both sides all
# processes of arf and of Open MPI have to end in bounded time, with exit code 5 and one sentence
# that names the lost host, and the same command goes on to the digest of an undisturbed run.
# usage: two_hosts.sh [PATH OF ARF [CASE...]]; needs root (exit 77 without). The cases:
#   both generator scorer learner   the cable is cut in mid-iteration; b holds ranks of these roles
#   start launch   cut before the first iteration; while the ranks still start MPI
#   deaf mute      what goes to b is lost from then on; what comes from b
#   blip           cut, and whole again 2 seconds later: the run goes on
#   early          Open MPI's own watch is quicker than the deadline: exit 205, and the sentence
#   stuck          mpirun does not react any more: it is killed, exit 137
set -u
arf=$(realpath "${1:-$(dirname "$0")/../../build/arf}") || exit 1
shift
[ $# -gt 0 ] || set -- both generator scorer learner start launch deaf mute blip early stuck
prefix=arf$$ program=${arf##*/}
program=${program:0:15}  # as the kernel names its processes
[ "$(id -u)" = 0 ] && ip netns add ${prefix}a 2>/dev/null ||
  { echo "two_hosts.sh: no right to make network namespaces; nothing was tried" >&2; exit 77; }
# As in a chroot, whose / is nothing mounted.
ip netns exec ${prefix}a true 2>/dev/null || {
  ip netns del ${prefix}a
  echo "two_hosts.sh: nothing can be started in a network namespace; nothing was tried" >&2
  exit 77
}
. "$(dirname "$0")/../end_to_end/small_world.sh"
end_all() { for host in a b; do ip netns pids $prefix$host | xargs -r kill -9; done 2>/dev/null; }
trap 'end_all; ip netns del ${prefix}a; ip netns del ${prefix}b; rm -rf "$work"' EXIT
ip netns add ${prefix}b
ip link add ${prefix}l type veth peer name ${prefix}r
ip link set ${prefix}l netns ${prefix}a
ip link set ${prefix}r netns ${prefix}b
ip -n ${prefix}a addr add 10.77.0.1/24 dev ${prefix}l
ip -n ${prefix}b addr add 10.77.0.2/24 dev ${prefix}r
for host in a b; do ip -n $prefix$host link set lo up; done
cable() { ip -n ${prefix}a link set ${prefix}l "$1"; }
# What the kernel asked for while the cable was cut, another host's address, it gives up for whoever
# wants it by then, though the cable is whole.
forget_neighbours() { for host in a b; do ip -n $prefix$host neigh flush all; done; }
ip -n ${prefix}b link set ${prefix}r up
cable up
deadline=5 failed=0

# on HOST COMMAND...: in its network and under its name.
on() { local host=$1; shift; ip netns exec "$prefix$host" unshare --uts sh -c 'hostname "$0" && exec "$@"' "$host" "$@"; }
drop_what_comes_to() { ip netns exec "$prefix$1" nft "add table inet cut; add chain inet cut in { type filter hook input priority 0; }; add rule inet cut in iifname != lo drop"; }
drop_nothing() { for host in a b; do ip netns exec "$prefix$host" nft flush ruleset 2>/dev/null; done; }

# What mpirun starts its daemon on b with.
if [ -x /usr/sbin/sshd ] && command -v ssh >/dev/null; then
  ssh-keygen -q -t ed25519 -N '' -f key && mkdir -p /run/sshd
  on b /usr/sbin/sshd -h "$work/key" -o "AuthorizedKeysFile $work/key.pub" -o StrictModes=no \
    -o PermitRootLogin=yes -o UsePAM=no -o PidFile=none -o LogLevel=ERROR -f /dev/null
  agent="ssh -i $work/key -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR"
else
  printf '#!/bin/bash\nshift  # the host\nexec ip netns exec %sb unshare --uts sh -c "hostname b && $*"\n' $prefix >agent
  chmod +x agent
  agent=$work/agent
fi
# train NAME PLACEMENT KEYS...: the same training for every NAME, in run-NAME.
train() {
  local name=$1
  shift
  on a mpirun --mca plm_rsh_agent "$agent" --mca oob_tcp_if_include 10.77.0.0/24 \
    --mca btl_tcp_if_include 10.77.0.0/24 --mca orte_tmpdir_base "$work" --bind-to none \
    $1 "$arf" "${world[@]}" --output "$work/run-$name" "${@:2}"
}
world=(train --model.path base/model --corpus.path augmented --scorer.path scorer
  --method.name tracebias --train.batch 12 --train.unit 2 --train.iterations 8
  --train.checkpoint_every 2 --generate.max_tokens 12 --report.samples 0 --run.threads 1)
digest() { "$arf" inspect "$1" --json | sed -n 's/.*"digest": *"\([0-9a-f]*\)".*/\1/p' | head -n 1; }
wrong() { failed=$((failed + 1)); printf '\n  WRONG: %s\n' "$*"; sed 's/^/    /' err; }
now_ms() { echo $(($(date +%s%N) / 1000000)); }
# runs HOST NAME: whether a process of that name lives there.
runs() {
  local process
  for process in $(ip netns pids "$prefix$1"); do
    [ "$(cat /proc/"$process"/comm 2>/dev/null)" = "$2" ] && return 0
  done
  return 1
}
lines() { [ -e "$1/metrics.jsonl" ] && [ "$(wc -l <"$1/metrics.jsonl")" -ge "$2" ]; }
wait_for() { until "$@" || ! kill -0 $job 2>/dev/null; do sleep 0.05; done; }

# When the processes of each kind had ended, in ms since the cable failed; - where a minute is not enough.
watch_ends() {
  local what ended
  declare -gA end=()
  began=$(now_ms)
  while [ ${#end[@]} -lt 4 ] && [ $(($(now_ms) - began)) -lt 60000 ]; do
    for what in "a $program" "b $program" 'a mpirun' 'b orted'; do
      # Twice, as a process that is born during a look is not seen.
      [ -n "${end[$what]:-}" ] || runs $what || runs $what || end[$what]=$(($(now_ms) - began))
    done
    sleep 0.05
  done
  for what in "a $program" "b $program" 'a mpirun' 'b orted'; do
    ended=${end[$what]:--}
    [ "$ended" != - ] || wrong "$what runs on"
    printf '%10s' "$ended"
  done
}

# try NAME PLACEMENT KEYS...: the cable fails as NAME says.
try() {
  local name=$1 wanted_code=5 placement=$2 sentence='is not heard of any more' limits="--run.deadline $deadline"
  shift 2
  case $name in
    early) wanted_code=205 placement+=' --mca oob_tcp_keepalive_time 3 --mca oob_tcp_keepalive_intvl 2 --mca oob_tcp_keepalive_probes 3'
           limits='--run.deadline 40' ;;
    stuck) wanted_code=137 sentence= ;;  # a stopped mpirun passes nothing on
    launch) limits+=' --run.start_deadline 15' sentence='the job ends' ;;
    blip) wanted_code=0 ;;
    start) export ARF_FAULT=slow:phase=load,ms=60000 sentence='loading models and corpora: is not heard of' ;;
  esac
  train "$name" "$placement" "$@" $limits >out 2>err </dev/null &
  job=$!
  unset ARF_FAULT
  case $name in
    launch) wait_for runs b "$program" ;;
    start) wait_for runs b "$program" && sleep 10 ;;  # of the 60 s of loading
    *) wait_for lines run-$name 3 ;;
  esac
  case $name in
    deaf) drop_what_comes_to b ;;
    mute) drop_what_comes_to a ;;
    *) cable down ;;
  esac
  printf '%-10s' "$name"
  if [ "$name" = blip ]; then
    sleep 2
    cable up
    printf '%40s' ''
  else
    [ "$name" = stuck ] && kill -STOP "$(mpirun_of_a)"
    watch_ends
    [ ${#end[@]} = 4 ] || end_all_but_sshd
  fi
  wait $job
  code=$?
  cable up
  drop_nothing
  forget_neighbours
  [ "$name" = blip ] || [ ! -e "run-$name/report.html" ] || wrong "it had ended before the cable failed"
  if [ $wanted_code != 0 ]; then
    grep -q "$sentence" err || wrong "no sentence of the lost host"
    end_all_but_sshd
    cp err first
    # With the default deadline, as a busy machine may stand still for some seconds.
    train "$name" "$placement" "$@" >log.txt 2>err </dev/null || wrong "does not go on"
  fi
  printf '%6s  %s\n' $code "$([ "$(digest run-$name)" = "$wanted" ] && echo same digest || echo OTHER DIGEST)"
  [ $wanted_code = 0 ] || grep 'the job ends' first | sed 's/^/    /'
  [ $code = $wanted_code ] || wrong "exit $code, not $wanted_code"
  [ "$(digest run-$name)" = "$wanted" ] || wrong "digest"
}
mpirun_of_a() { for p in $(ip netns pids ${prefix}a); do [ "$(cat /proc/$p/comm)" = mpirun ] && echo $p; done; }
end_all_but_sshd() {
  local process
  for process in $(ip netns pids ${prefix}a; ip netns pids ${prefix}b); do
    [ "$(cat /proc/"$process"/comm 2>/dev/null)" = sshd ] || kill -9 "$process" 2>/dev/null
  done
}

quietly "$arf" "${world[@]}" --output plain
wanted=$(digest plain)
echo "by ${agent%% *}; deadline $deadline s; ms from the fault until the processes had ended"
printf '%-10s%10s%10s%10s%10s%6s\n' case 'arf on a' 'arf on b' mpirun orted exit
roles() { echo --roles.learners $1 --roles.scorers $2 --roles.generators $3; }
for name; do
  case $name in
    deaf | mute) command -v nft >/dev/null || { echo "$name: not tried without nft"; continue; } ;;
  esac
  case $name in
    generator) try $name '--host 10.77.0.1:2,10.77.0.2:1' $(roles 1 1 1) ;;
    scorer) try $name '--host 10.77.0.1:2,10.77.0.2:1 --map-by node' $(roles 1 1 1) ;;
    learner) try $name '--host 10.77.0.1:2,10.77.0.2:1 --map-by node' $(roles 2 1 1) ;;
    *) try $name '--host 10.77.0.1:1,10.77.0.2:2' $(roles 1 1 1) ;;
  esac
done
[ $failed = 0 ]

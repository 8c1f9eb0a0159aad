#!/bin/bash
# Two hosts, which are network namespaces with names of their own and a cable between them. mpirun
# starts a run on both; the cable is cut in mid-iteration: on both sides all processes have ended in
# bounded time, rank 0 has said one sentence, and the same command goes on to the same digest.
# usage: two_hosts.sh [path of arf]; needs root (exit 77 without)
set -u
arf=$(realpath "${1:-$(dirname "$0")/../../build/arf}") || exit 1
prefix=arf$$
[ "$(id -u)" = 0 ] && ip netns add ${prefix}a 2>/dev/null ||
  { echo "two_hosts.sh: no right to make network namespaces; nothing was tried" >&2; exit 77; }
. "$(dirname "$0")/../end_to_end/small_world.sh"
trap 'ip netns del ${prefix}a; ip netns del ${prefix}b; rm -rf "$work"' EXIT
ip netns add ${prefix}b
ip link add ${prefix}l type veth peer name ${prefix}r
ip link set ${prefix}l netns ${prefix}a
ip link set ${prefix}r netns ${prefix}b
ip -n ${prefix}a addr add 10.77.0.1/24 dev ${prefix}l
ip -n ${prefix}b addr add 10.77.0.2/24 dev ${prefix}r
for host in a b; do ip -n $prefix$host link set lo up; done
ip -n ${prefix}a link set ${prefix}l up
ip -n ${prefix}b link set ${prefix}r up
deadline=5 failed=0

# on HOST COMMAND...: in its network and under its name.
on() { local host=$1; shift; ip netns exec "$prefix$host" unshare --uts sh -c 'hostname "$0" && exec "$@"' "$host" "$@"; }
# What mpirun starts its daemon on the other host with, in the place of ssh.
cat >agent <<END
#!/bin/bash
shift  # the host's address
exec ip netns exec ${prefix}b unshare --uts sh -c "hostname b && \$*"
END
chmod +x agent
train() {  # train OUTPUT KEYS...
  local output=$1
  shift
  on a mpirun -np 3 --host 10.77.0.1:1,10.77.0.2:2 --mca plm_rsh_agent "$work/agent" \
    --mca oob_tcp_if_include 10.77.0.0/24 --mca btl_tcp_if_include 10.77.0.0/24 \
    --mca oob_tcp_keepalive_time 10 --mca oob_tcp_keepalive_intvl 2 --mca oob_tcp_keepalive_probes 3 \
    --bind-to none "$arf" train --model.path base/model --corpus.path augmented --scorer.path scorer \
    --method.name tracebias --train.batch 12 --train.unit 2 --train.iterations 12 \
    --train.checkpoint_every 2 --generate.max_tokens 12 --report.samples 0 --run.threads 1 \
    --run.deadline $deadline --roles.learners 1 --roles.scorers 1 --roles.generators 1 \
    --output "$work/$output" "$@"
}
digest() { "$arf" inspect "$1" --json | sed -n 's/.*"digest": *"\([0-9a-f]*\)".*/\1/p' | head -n 1; }
wrong() { failed=$((failed + 1)); echo "  WRONG: $*"; sed 's/^/    /' err; }
now_ms() { echo $(($(date +%s%N) / 1000000)); }
alive() { pgrep -f -- "--output $work/$1( |\$)" | wc -l; }

quietly train plain
wanted=$(digest plain)
grep -q 'host b' plain/manifest.json 2>/dev/null; echo "undisturbed: $wanted"
train run >out 2>err &
job=$!
until [ -e run/metrics.jsonl ] && [ "$(wc -l <run/metrics.jsonl)" -ge 3 ] || ! kill -0 $job 2>/dev/null; do sleep 0.02; done
ip -n ${prefix}a link set ${prefix}l down
began=$(now_ms)
while [ "$(alive run)" -gt 0 ] && [ $(($(now_ms) - began)) -lt 90000 ]; do
  [ -n "${arf_ended:-}" ] || pgrep -f "arf train .*--output $work/run( |\$)" >/dev/null || arf_ended=$(($(now_ms) - began))
  sleep 0.05
done
echo "cut: all processes of arf had ended after ${arf_ended:-(not) }ms, mpirun and its daemons after $(($(now_ms) - began)) ms"
[ "$(alive run)" = 0 ] || { wrong "processes are left"; pgrep -af -- "--output $work/run( |\$)"; pkill -9 -f -- "--output $work/run( |\$)"; }
wait $job
code=$?
echo "mpirun's exit code: $code"
grep 'the job ends' err
grep -q 'not heard of any more' err || wrong "no sentence of the lost host"
[ $code = 5 ] || wrong "exit $code"
[ -e run/report.html ] && wrong "it had ended before the cable was cut"
ip -n ${prefix}a link set ${prefix}l up
train run >log.txt 2>err || wrong "does not go on: $(tail -n 3 log.txt)"
[ "$(digest run)" = "$wanted" ] || wrong "digest $(digest run), not $wanted"
[ $failed = 0 ] && echo "gone on with, to the same digest"
[ $failed = 0 ]

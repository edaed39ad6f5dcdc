# What the benches share. To be sourced, after `here` has been set to the directory of the bench. Whatever is started by
# `start` is ended with the script, by its id. bash 5 and Linux only (reads /proc).
root=$(cd "$here/../.." && pwd)
bench_home=$root/bench
# What a FILE or DIR of an option is relative to: the bench itself works elsewhere.
started_in=$PWD
exec </dev/null
export LC_ALL=C TZ=UTC0
unset JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS
PATH=$PATH:/usr/sbin

fail() {
  echo "bench: $*" >&2
  exit 1
}

path_of() { # AS_GIVEN: from where the bench was started; nothing for nothing
  case $1 in
    '' | /*) echo "$1" ;;
    *) echo "$started_in/$1" ;;
  esac
}

whole_numbers() { # NAME...: of variables; fails unless each is a whole number above 0
  local name
  for name in "$@"; do
    [[ ${!name} =~ ^[1-9][0-9]{0,8}$ ]] || fail "--${name//_/-} is a whole number above 0, not '${!name}'"
  done
}

# ---- What must be there --------------------------------------------------------------------------------------

missing=()
need() { # COMMAND HOW_TO_INSTALL
  command -v "$1" >/dev/null || missing+=("  $1: $2")
}

# Sets java, javac and exec_jar, and ends with all that is missing, when nothing has been started yet.
check_needs() { # JDK_DIRECTORY, or nothing for JAVA_HOME or that of the command java
  local jdk=${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v java || echo /none/bin/java)")")")}
  [[ -z ${1:-} ]] || jdk=$(path_of "$1")
  java=$jdk/bin/java javac=$jdk/bin/javac
  [[ -x $javac ]] || missing+=("  javac: a JDK, 17 or later, is not at $jdk: set JAVA_HOME or --jdk")
  exec_jar=$(compgen -G "$root/target/boot-cluster-*-exec.jar" | head -n 1) ||
    missing+=("  the sample's jar: ./mvnw -DskipTests package")
  if ((${#missing[@]})); then
    echo "bench: missing, and not installed by this script:" >&2
    printf '%s\n' "${missing[@]}" >&2
    exit 1
  fi
}

# ---- Whatever is started is ended, by its id -----------------------------------------------------------------

work=$(mktemp -d "${TMPDIR:-/tmp}/bench.XXXXXX")
declare -A running=()

start() { # NAME COMMAND...: sets pid; its output goes to NAME.log
  # Before it starts: nobody is to find what its predecessor wrote.
  : >"$1.log"
  "${@:2}" >>"$1.log" 2>&1 &
  pid=$!
  running[$pid]=$1
}

stop() { # SIGNAL PID...: and by KILL what takes longer than a minute, which is more than anything here gives itself
  (($# > 1)) || return 0
  local pid deadline=$((SECONDS + 60))
  kill "-$1" "${@:2}" 2>/dev/null || true
  for pid in "${@:2}"; do
    while kill -0 "$pid" 2>/dev/null && ((SECONDS <= deadline)); do
      sleep 0.05
    done
    kill -9 "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
    unset "running[$pid]"
  done
}

# A bench that has more to end than what `start` started defines this.
before_clean_up() { :; }

clean_up() {
  trap '' INT TERM
  before_clean_up
  stop TERM "${!running[@]}"
  cd /
  rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT TERM
cd "$work"

await() { # NAME PID REGEX [SECONDS]: sets found to what a line of its log contains (Perl's \K cuts off what is before)
  local deadline=$((SECONDS + ${4:-180}))
  until found=$(grep -aoPm1 "$3" "$1.log"); do
    if ! kill -0 "$2" 2>/dev/null || ((SECONDS > deadline)); then
      tail -n 40 "$1.log" >&2
      fail "there is no '$3' in the log of '$1'"
    fi
    sleep 0.1
  done
}

is_open() { # PORT
  (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

await_port() { # NAME PID PORT
  local deadline=$((SECONDS + 60))
  until is_open "$3"; do
    if ! kill -0 "$2" 2>/dev/null || ((SECONDS > deadline)); then
      tail -n 40 "$1.log" >&2
      fail "'$1' does not listen on port $3"
    fi
    sleep 0.05
  done
}

find_ports() { # NUMBER: sets found to the first of so many in a row that are free, below those given to clients
  local port try
  for ((try = 0; try < 50; try++)); do
    found=$((20000 + RANDOM % 10000))
    for ((port = found; port < found + $1; port++)); do
      ! is_open "$port" || continue 2
    done
    return
  done
  fail "no free ports"
}

# Sets pid and port to those of a launcher that serves with all its workers. Its output is in NAME.log.
start_cluster() { # NAME NUMBER_OF_WORKERS JVM_OPTION... -- ARGUMENT...
  local name=$1 workers=$2 options=()
  shift 2
  while [[ $1 != -- ]]; do
    options+=("$1")
    shift
  done
  start "$name" "$java" "${options[@]}" -jar "$exec_jar" --spring.profiles.active=launcher --server.port=0 \
    --server.address=127.0.0.1 --cluster.home="$work/$name.home" --cluster.workers="$workers" "${@:2}"
  await "$name" "$pid" "$workers of $workers workers serve http://localhost:\K[0-9]+" 300
  port=$found
}

# ---- The load ------------------------------------------------------------------------------------------------

compile_load() {
  [[ -d $work/load-classes ]] || "$javac" -d "$work/load-classes" "$bench_home/load/"*.java
  # For `start`, so that a bench can be ended in the middle of it.
  load_command=("$java" -Xmx256m -XX:+UseSerialGC -cp "$work/load-classes" Load)
}

load() { # OPTION...: see load/Load.java; prints its lines
  "${load_command[@]}" "$@"
}

# ---- Measuring -----------------------------------------------------------------------------------------------

cpu() { # PID...: microseconds of processor time of all their threads so far; of one that has ended, nothing
  local pid stat total=0
  for pid in "$@"; do
    if read -r stat 2>/dev/null <"/proc/$pid/stat"; then
      # shellcheck disable=SC2086 # the fields
      set -- ${stat##*) }
      total=$((total + ${12} + ${13}))
    fi
  done
  echo $((total * 1000000 / $(getconf CLK_TCK)))
}

compiling() { # PID...: clock ticks that the compilers of these JVMs have taken so far, in user mode
  local pid task name stat ticks=0
  for pid in "$@"; do
    for task in "/proc/$pid/task/"*; do
      # It may have ended.
      { read -r name <"$task/comm" && read -r stat <"$task/stat"; } 2>/dev/null || continue
      [[ $name == C[12]" Compiler"* ]] || continue
      read -ra stat <<<"${stat##*) }"
      ticks=$((ticks + stat[11]))
    done
  done
  echo "$ticks"
}

resident() { # PID...: kilobytes in memory, together
  local pid total=0 kilobytes
  for pid in "$@"; do
    kilobytes=$(sed -n 's/^VmRSS:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$pid/status" 2>/dev/null) || true
    total=$((total + ${kilobytes:-0}))
  done
  echo "$total"
}

descendants() { # PID: its id and those of all below it
  local child
  echo "$1"
  for child in $(cat "/proc/$1/task/"*/children 2>/dev/null); do
    descendants "$child"
  done
}

describe() { # WHAT_THE_LOAD_IS
  local changed=
  git -C "$root" diff --quiet HEAD -- src 2>/dev/null || changed=" and changes"
  echo "Date     $(date +%F), commit $(git -C "$root" rev-parse --short HEAD 2>/dev/null || echo unknown)$changed"
  echo "Machine  $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(nproc) processors, $(uname -sr)"
  echo "Java     $("$java" -version 2>&1 | tail -n 1)"
  echo "Others   load average $(cut -d' ' -f1 /proc/loadavg) before it began"
  echo "Load     $1"
}

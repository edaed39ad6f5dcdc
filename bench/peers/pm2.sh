# PM2, for the benches that compare with it: each of its daemons has a home of its own below $work. To be sourced after
# common.sh; `stop_pm2` belongs into before_clean_up, since a daemon is nobody's child.
pm2_program=$bench_home/peers/node_modules/pm2/bin/pm2

need_pm2() {
  need node "Node.js, 18 or later: apt-get install nodejs, or nodejs.org"
  [[ -f $pm2_program ]] || missing+=("  PM2: npm ci --prefix bench/peers")
}

pm2_version() {
  node -p "require('$bench_home/peers/node_modules/pm2/package.json').version"
}

pm2() { # NAME ARGUMENT...: to the daemon of that name; does not ask its maker for news
  PM2_HOME=$work/$1.pm2 PM2_DISABLE_VERSION_CHECK=true NO_COLOR=1 node "$pm2_program" "${@:2}"
}

launch_pm2() { # NAME ARGUMENT...: of its command `start`; sets pid to the daemon
  pm2 "$1" start "${@:2}" >"$1.log" 2>&1 || { cat "$1.log" >&2; fail "PM2 does not start"; }
  pid=$(<"$work/$1.pm2/pm2.pid")
}

stop_pm2() { # all daemons, also one that was just beginning
  local home name
  for home in "$work"/*.pm2; do
    [[ -d $home ]] || continue
    name=$(basename "$home" .pm2)
    # When it has never listened, to tell it so would start it.
    [[ ! -S $home/rpc.sock ]] || pm2 "$name" kill >>"$work/$name.log" 2>&1 || true
    grep -lszxF "PM2_HOME=$home" /proc/[0-9]*/environ | cut -d / -f 3 | xargs -r kill -9 2>/dev/null || true
    cat "$home/pm2.log" >>"$work/$name-daemon.log" 2>/dev/null || true
    rm -rf "$home" || true
  done
}

# What the tables of the benches share: give it to awk with -f before the program (-f common.awk -f /dev/fd/3, or -e).

# Of value[key, 1..n], the given part of them in order: 0 is the least, 0.5 the median, 1 the most.
function part(key, n, fraction,   i, j, t, list, at) {
  for (i = 1; i <= n; i++) list[i] = value[key, i] + 0
  for (i = 2; i <= n; i++) for (j = i; j > 1 && list[j - 1] > list[j]; j--) { t = list[j]; list[j] = list[j - 1]; list[j - 1] = t }
  at = 1 + (n - 1) * fraction
  i = int(at)
  return (i == at) ? list[i] : list[i] + (at - i) * (list[i + 1] - list[i])
}

function median(key, n) {
  return part(key, n, 0.5)
}

#!/usr/bin/env bash
# Switches off the rules of the design, one at a time, and shows that a test notices.
#
#   src/test/mutants/run.sh                   all of them
#   src/test/mutants/run.sh rule05 rule12c    those whose names begin so
#
# Works on a copy of the tree. Each patch says on its second line which tests have to fail. The exit
# code is 1 if a mutant survives, or does not apply or compile any more.
set -euo pipefail

root=$(cd "$(dirname "$0")/../../.." && pwd)
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
cp -r "$root"/pom.xml "$root"/src "$root"/schemas "$root"/examples "$root"/docs "$root"/README.md "$copy"
cd "$copy"
mvn="mvn -q -B ${MAVEN_ARGS:-}"
$mvn test-compile
$mvn dependency:build-classpath -Dmdep.outputFile=class-path
path="target/classes:$(cat class-path)"

patches=()
for begin in "${@:-}"; do
  patches+=(src/test/mutants/"$begin"*.patch)
done
all=$(sed -n 's/^Test: //p' "${patches[@]}" | sort -u | paste -sd,)
if ! $mvn surefire:test -Dtest="$all" >log 2>&1; then
  grep '<<<' log
  echo 'These tests fail without any mutant: they can show nothing.'
  exit 2
fi

failed=0
printf '%-40s %-36s %s\n' mutant test result
for patch in "${patches[@]}"; do
  name=$(basename "$patch" .patch)
  tests=$(sed -n 's/^Test: //p' "$patch")
  file=$(sed -n 's|^+++ b/||p' "$patch")
  cp -r target/classes unchanged
  cp "$file" unchanged.java
  if ! patch -s -p1 -F0 <"$patch" >log 2>&1; then
    result='DOES NOT APPLY'
  elif ! javac -nowarn -proc:none -parameters -d target/classes -cp "$path" "$file" >log 2>&1; then
    result='DOES NOT COMPILE'
  elif $mvn surefire:test -Dtest="$tests" >log 2>&1; then
    result=SURVIVED
  else
    # The first test that failed, without its package.
    killer=$(sed -nE 's/^\[ERROR\] +[a-z.]*\.?([A-Za-z0-9]+\.[A-Za-z0-9_]+).*<<< (FAILURE|ERROR)!$/\1/p' log | head -1)
    result="${killer:+killed by $killer}"
  fi
  if [[ ${result:-} != killed* ]]; then
    failed=1
    result="${result:-NO TEST RAN}"
    tail -n 20 log >&2
  fi
  printf '%-40s %-36s %s\n' "$name" "$tests" "$result"
  mv unchanged.java "$file"
  rm -rf target/classes
  mv unchanged target/classes
done
exit $failed

#!/bin/bash
# build-api-server.sh TARGET VERSION: builds Kubernetes' own kube-apiserver from its Go modules. Four to ten minutes on two cores, once.
set -eu
target=$1 version=$2
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
mkdir -p "$(dirname "$target")"
cd "$work"
export CGO_ENABLED=0 GOFLAGS="-buildvcs=false -mod=mod"
# k8s.io/kubernetes replaces its staging modules by folders that its module leaves out: name their own releases instead.
gomod=$(go mod download -json "k8s.io/kubernetes@v$version" | sed -n 's/.*"GoMod": "\(.*\)".*/\1/p')
{
  echo "module continuo.test/api-server"
  grep -E '^(go|godebug) ' "$gomod"
  echo "require k8s.io/kubernetes v$version"
  grep -oE 'k8s.io/[a-z0-9-]+ => ./staging' "$gomod" | sort -u | sed "s#\(.*\) => .*#replace \1 => \1 v0.${version#*.}#"
} > go.mod
printf '//go:build tools\npackage tools\nimport _ "k8s.io/kubernetes/cmd/kube-apiserver"\n' > tools.go
go mod tidy
minor=${version#*.}
ld="-s -w"
for package in k8s.io/component-base/version k8s.io/client-go/pkg/version; do
  ld="$ld -X $package.gitVersion=v$version -X $package.gitMajor=1 -X $package.gitMinor=${minor%.*}"
done
go build -trimpath -ldflags "$ld" -o "$target.part" k8s.io/kubernetes/cmd/kube-apiserver
mv "$target.part" "$target"

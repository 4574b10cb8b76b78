# Starts nats-server with each password of users.conf as words in quotes. As they are it would read them as it reads its configuration: 123 is a number there, and
# a comma, a brace or a # ends a value. Whoever connects gives the password as the Secret has it.
set -eu
folder=${0%/*}
refuse() {
  echo "NATS does not start: the password $1 $2." >&2
  exit 1
}
while IFS= read -r line; do
  case $line in *'password: $'*) ;; *) continue ;; esac
  name=${line##*'password: $'}
  name=${name%%[!A-Z_]*}
  eval "rest=\${$name-}"
  case $rest in
    '') refuse "$name" 'is empty, which would let in everybody' ;;
    '$2'[abxy]'$'*) refuse "$name" 'looks like a hash of bcrypt, for which NATS would take it' ;;
  esac
  words=
  while :; do
    case $rest in *[\\\"]*) ;; *) break ;; esac
    before=${rest%%[\\\"]*}
    rest=${rest#"$before"}
    after=${rest#?}
    words=$words$before\\${rest%"$after"}
    rest=$after
  done
  export "$name=\"$words$rest\""
done <"$folder/users.conf"
exec nats-server -c "$folder/nats.conf"

#!/bin/sh -eu
# Writes expected/ with the real helm: HELM=helm ./regenerate.sh
cd "$(dirname "$0")"
grep -v '^#' cases.txt | while read -r name arguments; do
    # shellcheck disable=SC2086
    set -f; set -- $arguments
    case " $arguments " in *" --kube-version "*) ;; *) set -- "$@" --kube-version 1.34.0 ;; esac
    if "$HELM" template release everything "$@" > "expected/$name.yaml" 2> "expected/$name.err"; then
        rm "expected/$name.err"
    else
        rm "expected/$name.yaml"
        # What helm's command line adds to the message, and warnings.
        sed -i -e 's/^Error: //' -e '/^$/d' -e '/^[a-z_]*\.go:[0-9]*: /d' -e '/^Use --debug flag to render out invalid YAML$/d' "expected/$name.err"
    fi
done

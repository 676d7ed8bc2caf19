#!/bin/sh
# Import the built artifact as Galaxy does, install it to an empty place and find it there: check_artifact.sh DIRECTORY
set -eu
cd "$1"
mkdir home
export HOME="$PWD/home" ANSIBLE_COLLECTIONS_PATH="$PWD/collections"
python -m galaxy_importer.main endstate-jobs-*.tar.gz >importer.log 2>&1 || { cat importer.log; exit 1; }
cat importer.log
if grep -qE 'WARNING|ERROR' importer.log; then
    echo "galaxy-importer is not content, see above"
    exit 1
fi
ansible-galaxy collection install --offline endstate-jobs-*.tar.gz
ansible-doc --list endstate.jobs

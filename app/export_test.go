package app

import "time"

// Stamp makes this a Callin of a version, which trusts the key, and has updates hurry.
func Stamp(version, key string) {
	stampedVersion, stampedUpdateKey = version, key
	updatePatience.Install = 20 * time.Second
	updatePatience.Up = 20 * time.Second
}

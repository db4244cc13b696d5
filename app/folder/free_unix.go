//go:build unix

package folder

import "syscall"

// Free is how many bytes can still be written to the disk that a folder is on.
func Free(dir string) (uint64, error) {
	var is syscall.Statfs_t
	if err := syscall.Statfs(dir, &is); err != nil {
		return 0, err
	}
	return uint64(is.Bavail) * uint64(is.Bsize), nil
}

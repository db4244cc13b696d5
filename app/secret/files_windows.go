package secret

import (
	"unsafe"

	"golang.org/x/sys/windows"
)

// private finds nothing: who may open a folder of a user's, or of a service's, is said
// by its list of who may do what, which Windows passes on to what is in it.
func private(string) error { return nil }

// seal binds a value to this computer (DPAPI), so that a copy of its file is worth
// nothing elsewhere. It is the computer's and no user's, as what an administrator sets
// up is read by a service; the folder says who can open the file at all.
func seal(value []byte) ([]byte, error) {
	return protect(value, func(in, out *windows.DataBlob) error {
		return windows.CryptProtectData(in, nil, nil, 0, nil, windows.CRYPTPROTECT_LOCAL_MACHINE|windows.CRYPTPROTECT_UI_FORBIDDEN, out)
	})
}

func unseal(sealed []byte) ([]byte, error) {
	return protect(sealed, func(in, out *windows.DataBlob) error {
		return windows.CryptUnprotectData(in, nil, nil, 0, nil, windows.CRYPTPROTECT_UI_FORBIDDEN, out)
	})
}

func protect(from []byte, do func(in, out *windows.DataBlob) error) ([]byte, error) {
	if len(from) == 0 {
		return nil, windows.ERROR_INVALID_DATA
	}
	var out windows.DataBlob
	if err := do(&windows.DataBlob{Size: uint32(len(from)), Data: &from[0]}, &out); err != nil {
		return nil, err
	}
	defer windows.LocalFree(windows.Handle(unsafe.Pointer(out.Data)))
	return append([]byte(nil), unsafe.Slice(out.Data, out.Size)...), nil
}

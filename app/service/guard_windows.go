package service

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"unsafe"

	"golang.org/x/sys/windows"
)

// ours lets SYSTEM and Administrators in, to a folder and what is made in it, and
// takes nothing over from the folder above, in which everybody may make folders.
const ours = "O:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)"

// shared lets all users of this computer read, besides.
const shared = ours + "(A;OICI;GRGX;;;BU)"

// Guard makes a folder into which only SYSTEM and Administrators get, or takes all
// others out of the one that is there. It refuses one that somebody else made.
func Guard(dir string) error { return guard(dir, ours) }

// Share makes a folder that all users of this computer can read, and that only SYSTEM and
// Administrators can change, in one that Guard makes.
func Share(dir string) error {
	if err := Guard(filepath.Dir(dir)); err != nil {
		return err
	}
	return guard(dir, shared)
}

// CheckShared refuses a folder that somebody has made who is no administrator.
func CheckShared(dir string) error {
	is, err := windows.GetNamedSecurityInfo(dir, windows.SE_FILE_OBJECT, windows.OWNER_SECURITY_INFORMATION)
	if err != nil {
		return err
	}
	owner, _, err := is.Owner()
	if err == nil && !trusted(owner) {
		err = Error(dir + " belongs to somebody who is no administrator.")
	}
	return err
}

func guard(dir, who string) error {
	descriptor, err := windows.SecurityDescriptorFromString(who)
	if err != nil {
		return err
	}
	path, err := windows.UTF16PtrFromString(dir)
	if err != nil {
		return err
	}
	attributes := windows.SecurityAttributes{SecurityDescriptor: descriptor}
	attributes.Length = uint32(unsafe.Sizeof(attributes))
	err = windows.CreateDirectory(path, &attributes)
	if !errors.Is(err, windows.ERROR_ALREADY_EXISTS) {
		return err
	}
	// A link would have somebody else's folder guarded.
	if info, err := os.Lstat(dir); err != nil {
		return err
	} else if !info.IsDir() || info.Mode()&(fs.ModeSymlink|fs.ModeIrregular) != 0 {
		return Error(fmt.Sprintf("%s is no folder of its own. Remove it, then try again.", dir))
	}
	is, err := windows.GetNamedSecurityInfo(dir, windows.SE_FILE_OBJECT, windows.OWNER_SECURITY_INFORMATION)
	if err != nil {
		return err
	}
	owner, _, err := is.Owner()
	if err != nil {
		return err
	}
	if !trusted(owner) {
		return Error(fmt.Sprintf("%s belongs to somebody who is no administrator. See what is in it, remove it, then try again.", dir))
	}
	list, _, err := descriptor.DACL()
	if err != nil {
		return err
	}
	return windows.SetNamedSecurityInfo(dir, windows.SE_FILE_OBJECT,
		windows.DACL_SECURITY_INFORMATION|windows.PROTECTED_DACL_SECURITY_INFORMATION, nil, nil, list, nil)
}

// trustedInstaller owns what belongs to Windows.
const trustedInstaller = "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464"

// trusted reports whether somebody may do anything on this computer as it is:
// SYSTEM, Administrators, Windows itself, and who installs.
func trusted(who *windows.SID) bool {
	if who.IsWellKnown(windows.WinLocalSystemSid) || who.IsWellKnown(windows.WinBuiltinAdministratorsSid) || who.String() == trustedInstaller {
		return true
	}
	user, err := windows.GetCurrentProcessToken().GetTokenUser()
	return err == nil && windows.EqualSid(who, user.User.Sid)
}

// changes are the rights by which a file or what is in a folder can be changed.
const changes = windows.FILE_WRITE_DATA | windows.FILE_APPEND_DATA | fileDeleteChild | windows.DELETE |
	windows.WRITE_DAC | windows.WRITE_OWNER | windows.GENERIC_WRITE | windows.GENERIC_ALL

const fileDeleteChild = 0x40

// checkProgram refuses a program that others could change: the service has all
// rights, and they would have them too.
func checkProgram(program string) error {
	for _, path := range []string{program, filepath.Dir(program)} {
		is, err := windows.GetNamedSecurityInfo(path, windows.SE_FILE_OBJECT, windows.DACL_SECURITY_INFORMATION)
		if err != nil {
			return err
		}
		list, _, err := is.DACL()
		if err != nil || list == nil { // without a list everybody may do anything
			return errors.Join(err, openTo(path))
		}
		for n := range uint32(list.AceCount) {
			var entry *windows.ACCESS_ALLOWED_ACE
			if err := windows.GetAce(list, n, &entry); err != nil {
				return err
			}
			here := entry.Header.AceFlags&windows.INHERIT_ONLY_ACE == 0
			who := (*windows.SID)(unsafe.Pointer(&entry.SidStart))
			if entry.Header.AceType == windows.ACCESS_ALLOWED_ACE_TYPE && here && entry.Mask&changes != 0 && !trusted(who) {
				return openTo(path)
			}
		}
	}
	return nil
}

func openTo(path string) error {
	return Error(fmt.Sprintf("Other users of this computer can change %s, which as a service would have all rights. Put Callin where only administrators can write, such as C:\\Program Files\\Callin, and try again from there.", path))
}

package settings

import (
	"errors"
	"fmt"

	"golang.org/x/sys/windows/registry"
)

// policyKey is below HKEY_LOCAL_MACHINE, where only administrators and group policies write.
const policyKey = `Software\Policies\Callin`

// SystemPolicy is that of this computer.
func SystemPolicy() (Policy, error) { return policyIn(registry.LOCAL_MACHINE, policyKey) }

func policyIn(root registry.Key, path string) (p Policy, err error) {
	p = Policy{Where: `The policy HKLM\` + path, Values: map[string]any{}}
	unread := &Error{p.Where, "It cannot be read. Let those who use this computer read it."}
	key, err := registry.OpenKey(root, path, registry.QUERY_VALUE)
	if errors.Is(err, registry.ErrNotExist) {
		return p, nil
	}
	if err != nil {
		return p, unread
	}
	defer key.Close()
	names, err := key.ReadValueNames(0)
	if err != nil {
		return p, unread
	}
	for _, name := range names {
		if p.Values[name], err = policyValue(key, name); err != nil {
			return p, unread
		}
	}
	return p, nil
}

func policyValue(key registry.Key, name string) (any, error) {
	_, kind, err := key.GetValue(name, nil)
	if err != nil && !errors.Is(err, registry.ErrShortBuffer) {
		return nil, err
	}
	switch kind {
	case registry.SZ, registry.EXPAND_SZ:
		text, _, err := key.GetStringValue(name)
		return text, err
	case registry.DWORD, registry.QWORD:
		n, _, err := key.GetIntegerValue(name)
		return int64(n), err
	case registry.MULTI_SZ:
		list, _, err := key.GetStringsValue(name)
		return list, err
	}
	return fmt.Sprintf("of kind %d", kind), nil // which no setting takes, as it is told
}

package settings

// PolicyKinds are the settings that a policy can have, and what of a template for group
// policies writes a value of their kind.
func PolicyKinds() map[string]string {
	kinds := map[string]string{}
	for name, field := range new(Settings).policies() {
		switch field.(type) {
		case *string, **float64:
			kinds[name] = "text"
		case *int:
			kinds[name] = "decimal"
		case *bool, **bool:
			kinds[name] = "yes or no"
		case *[]string:
			kinds[name] = "multiText"
		}
	}
	return kinds
}

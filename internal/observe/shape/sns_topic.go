package shape

// Signature is the version that a topic signs by; one that was never set is the first.
func Signature(version string) string {
	if version == "" {
		return "1"
	}
	return version
}

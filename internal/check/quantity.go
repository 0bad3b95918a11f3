package check

import "berth/internal/check/words"

func quantity(n int, thing string) string { return words.Quantity(n, thing) }

func enumerate(names []string) string { return words.Enumerate(names) }

// groupsNamed is "group a", or "groups a and b".
func groupsNamed(names []string) string {
	if len(names) == 1 {
		return "group " + names[0]
	}
	return "groups " + enumerate(names)
}

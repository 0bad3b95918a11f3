package shape

import (
	"strings"
)

// ServiceNames are the names that AWS may know a service of a region by; in China some begin with the country.
func ServiceNames(region, service string) []string {
	name := "com.amazonaws." + region + "." + service
	if strings.HasPrefix(region, "cn-") {
		return []string{name, "cn." + name}
	}
	return []string{name}
}

// ShortService is a service's name without what all services of the region have in common.
func ShortService(region, name string) string {
	_, short, _ := strings.Cut(name, "."+region+".")
	return short
}

package check

// CodesInUse are the codes that findings and refusals can carry.
func CodesInUse() []string {
	var out []string
	for _, r := range rules() {
		out = append(out, r.code)
	}
	for _, r := range serviceRules() {
		out = append(out, r.code)
	}
	for _, o := range obstacles() {
		out = append(out, o.code)
	}
	return out
}

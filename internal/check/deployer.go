package check

import (
	"strconv"

	"berth/internal/config"
)

// manyDeployers finds subjects that stand for more than one branch or environment of one repository.
func manyDeployers(in Input) []Finding {
	var out []Finding
	for i, subject := range in.Config.Deployer.Subjects {
		if !config.Wildcard(subject) {
			continue
		}
		out = append(out, in.at(Finding{
			Severity: Warning,
			Text:     "whatever fits " + strconv.Quote(subject) + " at " + in.Config.Deployer.ProviderHost() + " may deploy into this cluster: every branch and pull request that the wildcard takes in",
			Fix:      `name one branch or environment: subjects = ["repo:acme/shop:ref:refs/heads/main"], or "repo:acme/shop:environment:` + in.Config.Environment + `"`,
		}, "deployer.subjects["+strconv.Itoa(i)+"]", "deployer.subjects", "deployer"))
	}
	return out
}

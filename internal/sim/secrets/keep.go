package secrets

import (
	"fmt"
	"regexp"

	"berth/internal/sim/world"
)

var arnForm = regexp.MustCompile(`^arn:aws[a-z-]*:secretsmanager:([a-z0-9-]+):(\d{12}):secret:(.+)-[A-Za-z0-9]{6}$`)

// Keep lets a secret be there that somebody else has made, with the ARN that AWS gave it. One that is there stays as it is.
func Keep(w *world.World, arn string) error {
	parts := arnForm.FindStringSubmatch(arn)
	switch {
	case parts == nil:
		return fmt.Errorf("%s is no ARN of a secret: it ends in a hyphen and six letters or digits of AWS's", arn)
	case parts[2] != world.Account:
		return fmt.Errorf("the simulated account is %s, and the secret is of %s", world.Account, parts[2])
	}
	all := &w.Region(parts[1]).Secrets.Secrets
	if s, there := all.Get(parts[3]); there {
		if s.ARN != arn {
			return fmt.Errorf("there is a secret %s already, and its ARN is %s", parts[3], s.ARN)
		}
		return nil
	}
	all.Put(parts[3], &world.Secret{
		Name: parts[3], ARN: arn, Created: w.Now(), Changed: w.Now(),
		Versions: []world.SecretVersion{{ID: "first", Text: "{}", Stages: []string{"AWSCURRENT"}, Created: w.Now()}},
	})
	return nil
}

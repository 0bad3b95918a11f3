package iam

import (
	"fmt"
	"regexp"

	"berth/internal/sim/world"
)

var roleForm = regexp.MustCompile(`^arn:aws[a-z-]*:iam::(\d{12}):role(/(?:[\x21-\x7e]+/)?)([\w+=,.@-]{1,64})$`)

// What a kept role may do, and who may take it: its owner has thought of what tasks need.
const (
	keptTrust  = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ecs-tasks.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
	keptPolicy = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}`
)

// Keep lets a role be there that somebody else has made, which tasks may take and which may do everything. One that is there stays
// as it is.
func Keep(w *world.World, arn string) error {
	parts := roleForm.FindStringSubmatch(arn)
	switch {
	case parts == nil:
		return fmt.Errorf("%s is no ARN of a role: arn:aws:iam::ACCOUNT:role/PATH/NAME", arn)
	case parts[1] != world.Account:
		return fmt.Errorf("the simulated account is %s, and the role is of %s", world.Account, parts[1])
	}
	if r, there := w.IAM.Roles.Get(parts[3]); there {
		if r.ARN != arn {
			return fmt.Errorf("there is a role %s already, and its ARN is %s", parts[3], r.ARN)
		}
		return nil
	}
	r := &world.Role{
		Name: parts[3], ID: uniqueID(w, "AROA"), ARN: arn, Path: parts[2], Trust: keptTrust, MaxSession: 3600, Created: w.Now(),
	}
	r.Inline.Put("everything", &world.InlinePolicy{Name: "everything", Document: keptPolicy})
	w.IAM.Roles.Put(r.Name, r)
	return nil
}

package kms

import (
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// mostAliases is how many aliases a key can have (KMS developer guide, "Resource quotas").
const mostAliases = 50

var aliasForm = regexp.MustCompile(`^alias/[a-zA-Z0-9/_-]{1,250}$`)

// checkAlias reads the name of an alias that a call makes or changes.
func checkAlias(in *string) (string, error) {
	name, err := required("aliasName", in)
	switch {
	case err != nil:
		return "", err
	case strings.HasPrefix(name, "alias/aws/"):
		return "", wire.Errorf("NotAuthorizedException", "Alias %s is reserved for AWS", name)
	case !strings.HasPrefix(name, "alias/"):
		return "", wire.Errorf("ValidationException", "Invalid identifier")
	case !aliasForm.MatchString(name):
		return "", constraint(name, "aliasName", "satisfy regular expression pattern: ^[a-zA-Z0-9:/_-]+$")
	}
	return name, nil
}

// CreateAlias gives a key another name.
func CreateAlias(c *world.Call, in *kms.CreateAliasInput) (*kms.CreateAliasOutput, error) {
	name, err := checkAlias(in.AliasName)
	if err != nil {
		return nil, err
	}
	k, err := change(c, in.TargetKeyId)
	if err != nil {
		return nil, err
	}
	arn := aliasARN(c.Region, name)
	if _, ok := c.Region.KMS.Aliases.Get(name); ok {
		return nil, wire.Errorf("AlreadyExistsException", "An alias with the name %s already exists", arn)
	}
	if countAliases(c.Region, k) >= mostAliases {
		return nil, wire.Errorf("LimitExceededException", "Aliases per key limit of %d exceeded", mostAliases)
	}
	c.Region.KMS.Aliases.Put(name, &world.KeyAlias{Name: name, ARN: arn, Key: k.ID, Created: c.Now(), Updated: c.Now()})
	return &kms.CreateAliasOutput{}, nil
}

func countAliases(r *world.Region, k *world.Key) int {
	n := 0
	for a := range r.KMS.Aliases.Rows() {
		if a.Key == k.ID {
			n++
		}
	}
	return n
}

func findAlias(c *world.Call, in *string) (*world.KeyAlias, error) {
	name, err := checkAlias(in)
	if err != nil {
		return nil, err
	}
	a, ok := c.Region.KMS.Aliases.Get(name)
	if !ok {
		return nil, wire.Errorf("NotFoundException", "Alias %s is not found.", aliasARN(c.Region, name))
	}
	return a, nil
}

// UpdateAlias gives the name to another key.
func UpdateAlias(c *world.Call, in *kms.UpdateAliasInput) (*kms.UpdateAliasOutput, error) {
	a, err := findAlias(c, in.AliasName)
	if err != nil {
		return nil, err
	}
	k, err := change(c, in.TargetKeyId)
	if err != nil {
		return nil, err
	}
	a.Key, a.Updated = k.ID, c.Now()
	return &kms.UpdateAliasOutput{}, nil
}

// DeleteAlias takes a name away; the key stays.
func DeleteAlias(c *world.Call, in *kms.DeleteAliasInput) (*kms.DeleteAliasOutput, error) {
	a, err := findAlias(c, in.AliasName)
	if err != nil {
		return nil, err
	}
	c.Region.KMS.Aliases.Delete(a.Name)
	return &kms.DeleteAliasOutput{}, nil
}

// ListAliases lists the aliases of a key, or all of them, those of AWS first.
func ListAliases(c *world.Call, in *kms.ListAliasesInput) (*kms.ListAliasesOutput, error) {
	only := ""
	if in.KeyId != nil {
		k, err := find(c, in.KeyId, false)
		if err != nil {
			return nil, err
		}
		only = k.ID
	}
	var rows []*world.KeyAlias
	for _, name := range managedAliases() {
		k := managed(c.Region, name)
		rows = append(rows, &world.KeyAlias{Name: name, ARN: aliasARN(c.Region, name), Key: k.ID, Created: k.Created, Updated: k.Created})
	}
	for a := range c.Region.KMS.Aliases.Rows() {
		rows = append(rows, a)
	}
	kept := rows[:0]
	for _, a := range rows {
		if only == "" || a.Key == only {
			kept = append(kept, a)
		}
	}
	p, err := page(kept, in.Marker, in.Limit, 50, 100)
	if err != nil {
		return nil, err
	}
	out := &kms.ListAliasesOutput{Aliases: []types.AliasListEntry{}, NextMarker: p.marker, Truncated: p.more}
	for _, a := range p.rows {
		out.Aliases = append(out.Aliases, types.AliasListEntry{
			AliasArn: aws.String(a.ARN), AliasName: aws.String(a.Name), TargetKeyId: aws.String(a.Key),
			CreationDate: aws.Time(a.Created), LastUpdatedDate: aws.Time(a.Updated),
		})
	}
	return out, nil
}

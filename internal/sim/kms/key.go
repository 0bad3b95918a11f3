package kms

import (
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// The states of a key.
const (
	enabled  = string(types.KeyStateEnabled)
	disabled = string(types.KeyStateDisabled)
	pending  = string(types.KeyStatePendingDeletion)
)

// mostKeys is the quota of keys in a region (KMS developer guide, "Resource quotas").
const mostKeys = 100_000

func keyARN(r *world.Region, id string) string {
	return "arn:aws:kms:" + r.Name + ":" + world.Account + ":key/" + id
}

func aliasARN(r *world.Region, name string) string {
	return "arn:aws:kms:" + r.Name + ":" + world.Account + ":" + name
}

// lookup finds a key by id, ARN, alias, or the ARN of an alias.
func lookup(r *world.Region, name string) (*world.Key, bool) {
	own := "arn:aws:kms:" + r.Name + ":" + world.Account + ":"
	name = strings.TrimPrefix(strings.TrimPrefix(name, own), "key/")
	for _, alias := range managedAliases() {
		if k := managed(r, alias); name == alias || name == k.ID {
			return k, true
		}
	}
	if a, ok := r.KMS.Aliases.Get(name); ok {
		name = a.Key
	}
	return r.KMS.Keys.Get(name)
}

// find finds the key that a call names. Most operations do not take aliases.
func find(c *world.Call, id *string, aliases bool) (*world.Key, error) {
	name, err := required("keyId", id)
	if err != nil {
		return nil, err
	}
	isAlias := strings.HasPrefix(name, "alias/") || strings.Contains(name, ":alias/")
	if isAlias && !aliases {
		return nil, wire.Errorf("NotFoundException", "Invalid keyId %s", name)
	}
	if k, ok := lookup(c.Region, name); ok {
		return k, nil
	}
	if isAlias {
		return nil, wire.Errorf("NotFoundException", "Alias %s is not found.", aliasARN(c.Region, name[strings.Index(name, "alias/"):]))
	}
	if strings.HasPrefix(name, "arn:") {
		return nil, wire.Errorf("NotFoundException", "Key '%s' does not exist", name)
	}
	return nil, wire.Errorf("NotFoundException", "Key '%s' does not exist", keyARN(c.Region, name))
}

// change is find for a call that changes the key: those of AWS are refused, and those that are to be deleted.
func change(c *world.Call, id *string) (*world.Key, error) {
	k, err := find(c, id, false)
	switch {
	case err != nil:
		return nil, err
	case k.Managed != "":
		return nil, denied(c, k.ARN)
	case k.State == pending:
		return nil, wire.Errorf("KMSInvalidStateException", "%s is pending deletion.", k.ARN)
	}
	return k, nil
}

// CreateKey makes a symmetric key for encryption.
func CreateKey(c *world.Call, in *kms.CreateKeyInput) (*kms.CreateKeyOutput, error) {
	if err := checkKind(in); err != nil {
		return nil, err
	}
	if len(aws.ToString(in.Description)) > 8192 {
		return nil, constraint(*in.Description, "description", "have length less than or equal to 8192")
	}
	if c.Region.KMS.Keys.Len() >= mostKeys {
		return nil, wire.Errorf("LimitExceededException", "You have reached the maximum number of KMS keys: %d", mostKeys)
	}
	tags, err := tagged(nil, in.Tags)
	if err != nil {
		return nil, err
	}
	id := c.UUID()
	k := &world.Key{
		ID: id, ARN: keyARN(c.Region, id), Description: aws.ToString(in.Description), State: enabled, Created: c.Now(), Tags: tags,
		Policy: aws.ToString(in.Policy),
	}
	if k.Policy == "" {
		k.Policy = usualPolicy
	} else if err := checkPolicy(k, k.Policy, in.BypassPolicyLockoutSafetyCheck); err != nil {
		return nil, err
	}
	c.Region.KMS.Keys.Put(id, k)
	return &kms.CreateKeyOutput{KeyMetadata: view(k)}, nil
}

// checkKind refuses keys that are not symmetric and of one region.
func checkKind(in *kms.CreateKeyInput) error {
	switch {
	case in.KeyUsage != "" && in.KeyUsage != types.KeyUsageTypeEncryptDecrypt:
		return unsupported("Keys with the usage %s are not simulated", in.KeyUsage)
	case in.KeySpec != "" && in.KeySpec != types.KeySpecSymmetricDefault:
		return unsupported("Keys with the spec %s are not simulated", in.KeySpec)
	case in.CustomerMasterKeySpec != "" && in.CustomerMasterKeySpec != types.CustomerMasterKeySpecSymmetricDefault: //nolint:staticcheck // AWS still takes it
		return unsupported("Keys with the spec %s are not simulated", in.CustomerMasterKeySpec) //nolint:staticcheck // AWS still takes it
	case in.Origin != "" && in.Origin != types.OriginTypeAwsKms, in.CustomKeyStoreId != nil, in.XksKeyId != nil:
		return unsupported("Keys from elsewhere are not simulated")
	case aws.ToBool(in.MultiRegion):
		return unsupported("Keys of several regions are not simulated")
	}
	return nil
}

func view(k *world.Key) *types.KeyMetadata {
	v := &types.KeyMetadata{
		KeyId: aws.String(k.ID), AWSAccountId: aws.String(world.Account), Arn: aws.String(k.ARN), CreationDate: aws.Time(k.Created),
		CustomerMasterKeySpec: types.CustomerMasterKeySpecSymmetricDefault, //nolint:staticcheck // AWS still answers it
		Description:           aws.String(k.Description), Enabled: k.State == enabled,
		EncryptionAlgorithms: []types.EncryptionAlgorithmSpec{types.EncryptionAlgorithmSpecSymmetricDefault},
		KeyManager:           types.KeyManagerTypeCustomer, KeySpec: types.KeySpecSymmetricDefault, KeyState: types.KeyState(k.State),
		KeyUsage: types.KeyUsageTypeEncryptDecrypt, MultiRegion: aws.Bool(false), Origin: types.OriginTypeAwsKms,
	}
	if k.Managed != "" {
		v.KeyManager = types.KeyManagerTypeAws
	}
	if k.State == pending {
		v.DeletionDate = aws.Time(k.Deletes)
	}
	return v
}

// DescribeKey describes a key, also by an alias.
func DescribeKey(c *world.Call, in *kms.DescribeKeyInput) (*kms.DescribeKeyOutput, error) {
	k, err := find(c, in.KeyId, true)
	if err != nil {
		return nil, err
	}
	return &kms.DescribeKeyOutput{KeyMetadata: view(k)}, nil
}

// ListKeys lists all keys, those of AWS first.
func ListKeys(c *world.Call, in *kms.ListKeysInput) (*kms.ListKeysOutput, error) {
	var rows []*world.Key
	for _, alias := range managedAliases() {
		rows = append(rows, managed(c.Region, alias))
	}
	for k := range c.Region.KMS.Keys.Rows() {
		rows = append(rows, k)
	}
	p, err := page(rows, in.Marker, in.Limit, 100, 1000)
	if err != nil {
		return nil, err
	}
	out := &kms.ListKeysOutput{Keys: []types.KeyListEntry{}, NextMarker: p.marker, Truncated: p.more}
	for _, k := range p.rows {
		out.Keys = append(out.Keys, types.KeyListEntry{KeyId: aws.String(k.ID), KeyArn: aws.String(k.ARN)})
	}
	return out, nil
}

// UpdateKeyDescription sets what a key says about itself.
func UpdateKeyDescription(c *world.Call, in *kms.UpdateKeyDescriptionInput) (*kms.UpdateKeyDescriptionOutput, error) {
	k, err := change(c, in.KeyId)
	if err != nil {
		return nil, err
	}
	if in.Description == nil {
		return nil, constraint("null", "description", "not be null")
	}
	k.Description = *in.Description
	return &kms.UpdateKeyDescriptionOutput{}, nil
}

// EnableKey lets a key be used.
func EnableKey(c *world.Call, in *kms.EnableKeyInput) (*kms.EnableKeyOutput, error) {
	k, err := change(c, in.KeyId)
	if err != nil {
		return nil, err
	}
	k.State = enabled
	return &kms.EnableKeyOutput{}, nil
}

// DisableKey lets a key not be used.
func DisableKey(c *world.Call, in *kms.DisableKeyInput) (*kms.DisableKeyOutput, error) {
	k, err := change(c, in.KeyId)
	if err != nil {
		return nil, err
	}
	k.State = disabled
	return &kms.DisableKeyOutput{}, nil
}

const day = 24 * time.Hour

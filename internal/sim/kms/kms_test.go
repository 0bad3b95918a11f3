package kms

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"

	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

func newCall() *world.Call {
	w := world.New(1)
	w.Attach(Handlers(), nil)
	return &world.Call{World: w, Region: w.Region("eu-west-1"), Service: "kms", Operation: "Test"}
}

func must[T any](t *testing.T, v T, err error) T {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func refused(t *testing.T, err error, code, text string) {
	t.Helper()
	e, ok := errors.AsType[*wire.Error](err)
	if !ok || e.Code != code || !strings.Contains(e.Message, text) {
		t.Errorf("%v, want %s: %s", err, code, text)
	}
}

func makeKey(t *testing.T, c *world.Call, policy string) *types.KeyMetadata {
	t.Helper()
	in := &kms.CreateKeyInput{Description: aws.String("events")}
	if policy != "" {
		in.Policy = aws.String(policy)
	}
	out, err := CreateKey(c, in)
	return must(t, out, err).KeyMetadata
}

// letsIn is a policy with the account's statement and one more.
func letsIn(statement string) string {
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:root"},"Action":"kms:*","Resource":"*"}` +
		statement + `]}`
}

const letsEvents = `,{"Effect":"Allow","Principal":{"Service":"events.amazonaws.com"},"Action":["kms:Decrypt","kms:GenerateDataKey*"],"Resource":"*"%s}`

func TestKeyIsFoundByEveryNameItHas(t *testing.T) {
	c := newCall()
	k := makeKey(t, c, "")
	must(t, 0, func() error {
		_, err := CreateAlias(c, &kms.CreateAliasInput{AliasName: aws.String("alias/ops"), TargetKeyId: k.KeyId})
		return err
	}())
	for _, name := range []string{*k.KeyId, *k.Arn, "alias/ops", "arn:aws:kms:eu-west-1:123456789012:alias/ops"} {
		out, err := DescribeKey(c, &kms.DescribeKeyInput{KeyId: aws.String(name)})
		if m := must(t, out, err).KeyMetadata; *m.KeyId != *k.KeyId || m.KeyState != types.KeyStateEnabled || !m.Enabled || m.KeyManager != types.KeyManagerTypeCustomer {
			t.Errorf("%s is %+v", name, m)
		}
	}
	_, err := DescribeKey(c, &kms.DescribeKeyInput{KeyId: aws.String("alias/none")})
	refused(t, err, "NotFoundException", "Alias arn:aws:kms:eu-west-1:123456789012:alias/none is not found.")
	_, err = DescribeKey(c, &kms.DescribeKeyInput{KeyId: aws.String("none")})
	refused(t, err, "NotFoundException", "Key 'arn:aws:kms:eu-west-1:123456789012:key/none' does not exist")
	_, err = GetKeyPolicy(c, &kms.GetKeyPolicyInput{KeyId: aws.String("alias/ops")})
	refused(t, err, "NotFoundException", "Invalid keyId alias/ops")
	_, err = DescribeKey(c, &kms.DescribeKeyInput{})
	refused(t, err, "ValidationException", "'keyId' failed")
}

// KMS developer guide, "Key policies in AWS KMS", and SNS developer guide, "Enable compatibility between event sources from
// AWS services and encrypted topics".
func TestPolicyDecidesWhichServicesAKeyLetsIn(t *testing.T) {
	rule := "arn:aws:events:eu-west-1:123456789012:rule/x"
	tests := map[string]struct {
		policy, source string
		want           string
	}{
		"the account alone":        {letsIn(""), rule, Closed},
		"EventBridge":              {letsIn(fmt.Sprintf(letsEvents, "")), "", ""},
		"a condition on the rule":  {letsIn(fmt.Sprintf(letsEvents, `,"Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:events:*:*:rule/*"}}`)), rule, ""},
		"a condition nobody fills": {letsIn(fmt.Sprintf(letsEvents, `,"Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:events:*:*:rule/*"}}`)), "", Closed},
		"decryption alone":         {letsIn(`,{"Effect":"Allow","Principal":{"Service":"events.amazonaws.com"},"Action":"kms:Decrypt","Resource":"*"}`), rule, Closed},
		"another service":          {letsIn(strings.ReplaceAll(fmt.Sprintf(letsEvents, ""), "events.", "sns.")), rule, Closed},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			c := newCall()
			k := makeKey(t, c, tt.policy)
			if got := Encrypts(c.Region, *k.KeyId, "events.amazonaws.com", tt.source); got != tt.want {
				t.Errorf("%q", got)
			}
		})
	}
}

func TestKeysOfAWSLetNoOtherServiceIn(t *testing.T) {
	c := newCall()
	for _, alias := range []string{"alias/aws/sns", "alias/aws/sqs"} {
		out, err := DescribeKey(c, &kms.DescribeKeyInput{KeyId: aws.String(alias)})
		m := must(t, out, err).KeyMetadata
		if m.KeyManager != types.KeyManagerTypeAws || len(*m.KeyId) != 36 {
			t.Errorf("%s is %+v", alias, m)
		}
		if got := Encrypts(c.Region, alias, "events.amazonaws.com", ""); got != Closed {
			t.Errorf("%s: %q", alias, got)
		}
		if got := Usable(c.Region, alias); got != "" {
			t.Errorf("the account cannot use %s: %s", alias, got)
		}
		_, err = ScheduleKeyDeletion(c, &kms.ScheduleKeyDeletionInput{KeyId: m.KeyId})
		refused(t, err, "AccessDeniedException", "is not authorized to perform")
	}
}

func TestDeletionWaitsAndCanBeCancelled(t *testing.T) {
	c := newCall()
	k := makeKey(t, c, "")
	_, err := CreateAlias(c, &kms.CreateAliasInput{AliasName: aws.String("alias/ops"), TargetKeyId: k.KeyId})
	must(t, 0, err)
	_, err = ScheduleKeyDeletion(c, &kms.ScheduleKeyDeletionInput{KeyId: k.KeyId, PendingWindowInDays: aws.Int32(6)})
	refused(t, err, "ValidationException", "between 7 and 30")
	schedule := func() {
		out, err := ScheduleKeyDeletion(c, &kms.ScheduleKeyDeletionInput{KeyId: k.KeyId, PendingWindowInDays: aws.Int32(7)})
		if o := must(t, out, err); o.KeyState != types.KeyStatePendingDeletion || !o.DeletionDate.Equal(c.Now().Add(7*day)) {
			t.Errorf("%+v", o)
		}
	}
	schedule()
	_, err = PutKeyPolicy(c, &kms.PutKeyPolicyInput{KeyId: k.KeyId, Policy: aws.String(usualPolicy)})
	refused(t, err, "KMSInvalidStateException", "is pending deletion.")
	c.Advance(day)
	_, err = CancelKeyDeletion(c, &kms.CancelKeyDeletionInput{KeyId: k.KeyId})
	must(t, 0, err)
	if got := Usable(c.Region, *k.KeyId); got != Disabled {
		t.Errorf("after cancelling the key is %q", got)
	}
	_, err = CancelKeyDeletion(c, &kms.CancelKeyDeletionInput{KeyId: k.KeyId})
	refused(t, err, "KMSInvalidStateException", "is not pending deletion.")
	schedule()
	c.Advance(6*day + time.Hour)
	if got := Usable(c.Region, "alias/ops"); got != Dying {
		t.Errorf("after six days the key is %q: the first deletion's event passed by", got)
	}
	c.Advance(day)
	if got := Usable(c.Region, *k.KeyId); got != Missing {
		t.Errorf("after seven days the key is %q", got)
	}
	if out, err := ListAliases(c, &kms.ListAliasesInput{}); len(must(t, out, err).Aliases) != 3 {
		t.Errorf("the alias outlived its key: %+v", out.Aliases)
	}
}

func TestRotationTellsItsNextDate(t *testing.T) {
	c := newCall()
	k := makeKey(t, c, "")
	status := func() *kms.GetKeyRotationStatusOutput {
		out, err := GetKeyRotationStatus(c, &kms.GetKeyRotationStatusInput{KeyId: k.KeyId})
		return must(t, out, err)
	}
	if s := status(); s.KeyRotationEnabled || s.NextRotationDate != nil {
		t.Errorf("a new key rotates: %+v", s)
	}
	_, err := EnableKeyRotation(c, &kms.EnableKeyRotationInput{KeyId: k.KeyId})
	must(t, 0, err)
	began := c.Now()
	c.Advance(400 * day)
	if s := status(); !s.KeyRotationEnabled || *s.RotationPeriodInDays != 365 || !s.NextRotationDate.Equal(began.Add(730*day)) {
		t.Errorf("%+v", s)
	}
	_, err = EnableKeyRotation(c, &kms.EnableKeyRotationInput{KeyId: k.KeyId, RotationPeriodInDays: aws.Int32(89)})
	refused(t, err, "ValidationException", "rotationPeriodInDays")
	_, err = DisableKeyRotation(c, &kms.DisableKeyRotationInput{KeyId: k.KeyId})
	must(t, 0, err)
	if status().KeyRotationEnabled {
		t.Error("it rotates on")
	}
	_, err = DisableKey(c, &kms.DisableKeyInput{KeyId: k.KeyId})
	must(t, 0, err)
	_, err = EnableKeyRotation(c, &kms.EnableKeyRotationInput{KeyId: k.KeyId})
	refused(t, err, "DisabledException", "is disabled.")
	_, err = EnableKey(c, &kms.EnableKeyInput{KeyId: k.KeyId})
	must(t, 0, err)
	if got := Usable(c.Region, *k.KeyId); got != "" {
		t.Errorf("enabled again it is %q", got)
	}
}

func TestAliasesMoveFromKeyToKey(t *testing.T) {
	c := newCall()
	first, second := makeKey(t, c, ""), makeKey(t, c, "")
	name := aws.String("alias/ops")
	_, err := CreateAlias(c, &kms.CreateAliasInput{AliasName: name, TargetKeyId: first.KeyId})
	must(t, 0, err)
	_, err = CreateAlias(c, &kms.CreateAliasInput{AliasName: name, TargetKeyId: second.KeyId})
	refused(t, err, "AlreadyExistsException", "An alias with the name arn:aws:kms:eu-west-1:123456789012:alias/ops already exists")
	_, err = UpdateAlias(c, &kms.UpdateAliasInput{AliasName: name, TargetKeyId: second.KeyId})
	must(t, 0, err)
	out, err := ListAliases(c, &kms.ListAliasesInput{KeyId: second.KeyId})
	if a := must(t, out, err).Aliases; len(a) != 1 || *a[0].AliasName != "alias/ops" {
		t.Errorf("%+v", a)
	}
	_, err = DeleteAlias(c, &kms.DeleteAliasInput{AliasName: name})
	must(t, 0, err)
	_, err = UpdateAlias(c, &kms.UpdateAliasInput{AliasName: name, TargetKeyId: second.KeyId})
	refused(t, err, "NotFoundException", "is not found.")
	for alias, code := range map[string]string{"ops": "ValidationException", "alias/a b": "ValidationException", "alias/aws/x": "NotAuthorizedException", "": "ValidationException"} {
		_, err := CreateAlias(c, &kms.CreateAliasInput{AliasName: aws.String(alias), TargetKeyId: first.KeyId})
		refused(t, err, code, "")
	}
}

func TestKeyRefusals(t *testing.T) {
	c := newCall()
	for name, tt := range map[string]struct {
		in         kms.CreateKeyInput
		code, text string
	}{
		"signing":       {kms.CreateKeyInput{KeyUsage: types.KeyUsageTypeSignVerify}, "UnsupportedOperationException", "SIGN_VERIFY"},
		"RSA":           {kms.CreateKeyInput{KeySpec: types.KeySpecRsa2048}, "UnsupportedOperationException", "RSA_2048"},
		"imported":      {kms.CreateKeyInput{Origin: types.OriginTypeExternal}, "UnsupportedOperationException", "elsewhere"},
		"regions":       {kms.CreateKeyInput{MultiRegion: aws.Bool(true)}, "UnsupportedOperationException", "regions"},
		"policy":        {kms.CreateKeyInput{Policy: aws.String("{}")}, "MalformedPolicyDocumentException", "no statement"},
		"lockout":       {kms.CreateKeyInput{Policy: aws.String(`{"Statement":{"Effect":"Allow","Principal":{"Service":"x"},"Action":"*","Resource":"*"}}`)}, "MalformedPolicyDocumentException", "will not allow you to update"},
		"large policy":  {kms.CreateKeyInput{Policy: aws.String(strings.Repeat("x", 32*1024+1))}, "LimitExceededException", "larger"},
		"tag":           {kms.CreateKeyInput{Tags: []types.Tag{{TagKey: aws.String("aws:x"), TagValue: aws.String("")}}}, "TagException", "aws:x"},
		"long sentence": {kms.CreateKeyInput{Description: aws.String(strings.Repeat("x", 8193))}, "ValidationException", "8192"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := CreateKey(c, &tt.in)
			refused(t, err, tt.code, tt.text)
		})
	}
	out, err := CreateKey(c, &kms.CreateKeyInput{
		BypassPolicyLockoutSafetyCheck: true, Policy: aws.String(`{"Statement":{"Effect":"Allow","Principal":{"Service":"x"},"Action":"*","Resource":"*"}}`),
	})
	k := must(t, out, err).KeyMetadata
	_, err = GetKeyPolicy(c, &kms.GetKeyPolicyInput{KeyId: k.KeyId, PolicyName: aws.String("other")})
	refused(t, err, "NotFoundException", "No such policy exists")
}

func TestKeysAreListedInPages(t *testing.T) {
	c := newCall()
	for range 3 {
		makeKey(t, c, "")
	}
	var seen []string
	in := &kms.ListKeysInput{Limit: aws.Int32(2)}
	for {
		out, err := ListKeys(c, in)
		for _, k := range must(t, out, err).Keys {
			seen = append(seen, *k.KeyId)
		}
		if !out.Truncated {
			break
		}
		in.Marker = out.NextMarker
	}
	if len(seen) != 6 {
		t.Errorf("%v", seen)
	}
	_, err := ListKeys(c, &kms.ListKeysInput{Marker: aws.String("x")})
	refused(t, err, "InvalidMarkerException", "'x'")
	_, err = ListKeys(c, &kms.ListKeysInput{Limit: aws.Int32(1001)})
	refused(t, err, "ValidationException", "1000")
}

func TestTagsOfAKeyAreSetAndRemoved(t *testing.T) {
	c := newCall()
	k := makeKey(t, c, "")
	_, err := TagResource(c, &kms.TagResourceInput{KeyId: k.KeyId, Tags: []types.Tag{{TagKey: aws.String("a"), TagValue: aws.String("1")}, {TagKey: aws.String("b"), TagValue: aws.String("2")}}})
	must(t, 0, err)
	_, err = UntagResource(c, &kms.UntagResourceInput{KeyId: k.KeyId, TagKeys: []string{"a", "c"}})
	must(t, 0, err)
	out, err := ListResourceTags(c, &kms.ListResourceTagsInput{KeyId: k.KeyId})
	if tags := must(t, out, err).Tags; len(tags) != 1 || *tags[0].TagKey != "b" {
		t.Errorf("%+v", tags)
	}
	if out, err := ListKeyPolicies(c, &kms.ListKeyPoliciesInput{KeyId: k.KeyId}); len(must(t, out, err).PolicyNames) != 1 {
		t.Errorf("%+v", out)
	}
	_, err = UpdateKeyDescription(c, &kms.UpdateKeyDescriptionInput{KeyId: k.KeyId, Description: aws.String("new")})
	must(t, 0, err)
	if out, err := DescribeKey(c, &kms.DescribeKeyInput{KeyId: k.KeyId}); *must(t, out, err).KeyMetadata.Description != "new" {
		t.Errorf("%+v", out.KeyMetadata)
	}
}

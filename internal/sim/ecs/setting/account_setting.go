package setting

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim/ecs/listing"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// Root is the principal whose settings are the account's defaults.
const Root = "arn:aws:iam::" + world.Account + ":root"

// accountSetting is a setting that ECS has, what it may be, and what it is unless somebody put it.
type accountSetting struct {
	name, usual string
	values      []string
}

func accountSettings() []accountSetting {
	onOff := []string{"enabled", "disabled", "on", "off"}
	return []accountSetting{
		{"serviceLongArnFormat", "enabled", onOff},
		{"taskLongArnFormat", "enabled", onOff},
		{"containerInstanceLongArnFormat", "enabled", onOff},
		{"awsvpcTrunking", "disabled", onOff},
		{"containerInsights", "disabled", []string{"enabled", "disabled", "enhanced"}},
		{"fargateFIPSMode", "disabled", onOff},
		{"tagResourceAuthorization", "on", onOff},
		{"fargateTaskRetirementWaitPeriod", "7", []string{"0", "7", "14"}},
		{"guardDutyActivate", "off", nil},
		{"defaultLogDriverMode", "non-blocking", []string{"blocking", "non-blocking"}},
		{"fargateEventWindows", "disabled", onOff},
	}
}

func settingNamed(name string) (accountSetting, error) {
	for _, s := range accountSettings() {
		if s.name == name {
			return s, nil
		}
	}
	return accountSetting{}, invalid("Invalid setting name: %s", name)
}

// own gives what a principal put for a setting.
func own(r *world.Region, name, principal string) (string, bool) {
	for _, s := range r.ECS.Settings {
		if s.Name == name && s.Principal == principal {
			return s.Value, true
		}
	}
	return "", false
}

// Effective is what holds for a principal: its own setting, else the account's, else AWS's.
func Effective(r *world.Region, name, principal string) string {
	if v, ok := own(r, name, principal); ok {
		return v
	}
	if v, ok := own(r, name, Root); ok {
		return v
	}
	s, _ := settingNamed(name) // callers know the names
	return s.usual
}

// PutAccountSetting puts a setting for one principal, which is the root user unless the call says otherwise.
func PutAccountSetting(c *world.Call, in *ecs.PutAccountSettingInput) (*ecs.PutAccountSettingOutput, error) {
	s, err := putSetting(c.Region, string(in.Name), in.Value, in.PrincipalArn)
	if err != nil {
		return nil, err
	}
	return &ecs.PutAccountSettingOutput{Setting: s}, nil
}

// PutAccountSettingDefault puts a setting for everybody in the account who has none of their own.
func PutAccountSettingDefault(c *world.Call, in *ecs.PutAccountSettingDefaultInput) (*ecs.PutAccountSettingDefaultOutput, error) {
	s, err := putSetting(c.Region, string(in.Name), in.Value, nil)
	if err != nil {
		return nil, err
	}
	return &ecs.PutAccountSettingDefaultOutput{Setting: s}, nil
}

func readPrincipal(arn *string) (string, error) {
	p := aws.ToString(arn)
	if p == "" {
		return Root, nil
	}
	if !strings.HasPrefix(p, "arn:aws:iam::"+world.Account+":") {
		return "", invalid("Invalid principalArn: %s", p)
	}
	return p, nil
}

func putSetting(r *world.Region, name string, value, principal *string) (*types.Setting, error) {
	known, err := settingNamed(name)
	if err != nil {
		return nil, err
	}
	if value == nil {
		return nil, invalid("Value can not be blank.")
	}
	if !slices.Contains(known.values, *value) {
		return nil, invalid("Invalid value %s for the setting %s.", *value, name)
	}
	p, err := readPrincipal(principal)
	if err != nil {
		return nil, err
	}
	next := world.AccountSetting{Name: name, Value: *value, Principal: p}
	r.ECS.Settings = append(withoutSetting(r, name, p), next)
	return viewSetting(next), nil
}

func withoutSetting(r *world.Region, name, principal string) []world.AccountSetting {
	return slices.DeleteFunc(slices.Clone(r.ECS.Settings), func(s world.AccountSetting) bool {
		return s.Name == name && s.Principal == principal
	})
}

// DeleteAccountSetting takes a principal's setting away; the account's holds for it from then on.
func DeleteAccountSetting(c *world.Call, in *ecs.DeleteAccountSettingInput) (*ecs.DeleteAccountSettingOutput, error) {
	name := string(in.Name)
	if _, err := settingNamed(name); err != nil {
		return nil, err
	}
	p, err := readPrincipal(in.PrincipalArn)
	if err != nil {
		return nil, err
	}
	c.Region.ECS.Settings = withoutSetting(c.Region, name, p)
	return &ecs.DeleteAccountSettingOutput{
		Setting: viewSetting(world.AccountSetting{Name: name, Value: Effective(c.Region, name, p), Principal: p}),
	}, nil
}

// ListAccountSettings lists the settings that a principal put, or with EffectiveSettings all that hold for it.
func ListAccountSettings(c *world.Call, in *ecs.ListAccountSettingsInput) (*ecs.ListAccountSettingsOutput, error) {
	p, err := readPrincipal(in.PrincipalArn)
	if err != nil {
		return nil, err
	}
	if in.Name != "" {
		if _, err := settingNamed(string(in.Name)); err != nil {
			return nil, err
		}
	}
	rows := []types.Setting{}
	for _, s := range accountSettings() {
		value, put := own(c.Region, s.name, p)
		if in.EffectiveSettings {
			value, put = Effective(c.Region, s.name, p), true
		}
		if put && (in.Name == "" || string(in.Name) == s.name) && (in.Value == nil || *in.Value == value) {
			rows = append(rows, *viewSetting(world.AccountSetting{Name: s.name, Value: value, Principal: p}))
		}
	}
	var size *int32
	if in.MaxResults != 0 {
		size = &in.MaxResults
	}
	rows, next, err := listing.Page(rows, size, in.NextToken, 100)
	if err != nil {
		return nil, err
	}
	return &ecs.ListAccountSettingsOutput{Settings: rows, NextToken: next}, nil
}

func viewSetting(s world.AccountSetting) *types.Setting {
	kind := types.SettingTypeUser
	if s.Name == "guardDutyActivate" {
		kind = types.SettingTypeAwsManaged
	}
	return &types.Setting{Name: types.SettingName(s.Name), Value: aws.String(s.Value), PrincipalArn: aws.String(s.Principal), Type: kind}
}

func invalid(format string, a ...any) error {
	return wire.Errorf("InvalidParameterException", format, a...)
}

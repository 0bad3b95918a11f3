package config

import (
	"errors"
	"strings"

	"berth/internal/config/tfvars"
	"berth/internal/config/toml"
)

// checkUserData holds custom_userdata to what the image reads: Bottlerocket reads settings in TOML and has no shell.
func (s settings) checkUserData(g Group) {
	v := s.values["custom_userdata"]
	if g.CustomUserData == "" {
		return
	}
	own, err := toml.Parse(g.CustomUserData)
	if g.AMIFamily != Bottlerocket {
		if _, isTable := own["settings"].(toml.Table); isTable && err == nil {
			s.Fail(v.At, Fault{
				Code: codeNotTOML, Summary: v.Path + " is TOML, and " + g.AMIFamily + " runs shell commands", Hint: `write ami_family = "bottlerocket", or shell commands`,
			})
		}
		return
	}
	if bad, ok := errors.AsType[*toml.Fault](err); ok {
		s.Fail(v.At, s.notTOML(g, bad))
		return
	}
	s.checkSettings(own)
}

// notTOML says where a text is none, and that scripts are of another world.
func (s settings) notTOML(g Group, bad *toml.Fault) Fault {
	path := s.values["custom_userdata"].Path
	f := Fault{
		Code: codeNotTOML, Summary: path + " of the group " + tfvars.Quote(g.Name) + " is not TOML: " + bad.Error(),
		Detail: "Bottlerocket takes settings instead of a script, and an instance whose settings it cannot read never joins.",
		Hint:   "write settings, such as\n  custom_userdata = <<-END\n    [settings.kernel]\n    lockdown = \"integrity\"\n  END",
	}
	if strings.HasPrefix(strings.TrimSpace(g.CustomUserData), "#!") || !strings.Contains(g.CustomUserData, "settings") {
		f.Summary = path + " of the group " + tfvars.Quote(g.Name) + " is a script, and Bottlerocket has no shell"
		f.Detail += " As TOML this fails at " + bad.Error() + "."
		f.Hint += "\nor none: custom_userdata = \"\""
	}
	return f
}

// checkSettings refuses what berth says itself, and what Bottlerocket takes for no setting.
func (s settings) checkSettings(own toml.Table) {
	v := s.values["custom_userdata"]
	for _, key := range own.Keys() {
		if _, isTable := own[key].(toml.Table); key != "settings" || !isTable {
			s.Fail(v.At, Fault{
				Code: codeForeignSetting, Summary: v.Path + " has " + tfvars.Quote(key) + " beside [settings]", Detail: "Bottlerocket refuses the whole text then.",
				Hint: "everything stands in tables such as [settings.kernel]",
			})
		}
	}
	for _, name := range []string{"ecs", "host-containers", "metrics"} {
		at, given := own.Find("settings", name)
		if _, isTable := at.(toml.Table); given && !isTable {
			s.Fail(v.At, Fault{Code: codeForeignSetting, Summary: v.Path + " makes a value of settings." + name + ", which is a table", Hint: "write [settings." + name + "]"})
		}
	}
	for _, one := range []struct{ path, hint string }{
		{"cluster", "take it out: berth says which cluster the instances join"},
		{"instance-attributes", "take it out, and write them in the file: attributes = { name = \"value\" }"},
		{"logging-drivers", "take it out, and write them in the file: ecs_logging = [\"json-file\", \"awslogs\"]"},
	} {
		if _, given := own.Find("settings", "ecs", one.path); given {
			s.Fail(v.At, Fault{Code: codeForeignSetting, Summary: v.Path + " sets settings.ecs." + one.path + ", which berth sets", Hint: one.hint})
		}
	}
}

// checkAttributes refuses names of attributes that ECS takes and Bottlerocket does not.
func (s settings) checkAttributes(g Group) {
	for _, a := range g.Attributes {
		if g.AMIFamily == Bottlerocket && strings.Contains(a.Key, `\`) {
			s.Fail(s.values["attributes"].At, Fault{
				Code: codeIllegalText, Summary: "the attribute " + tfvars.Quote(a.Key) + " has no name that Bottlerocket takes", Hint: "1 to 128 letters, digits and _ - . /",
			})
		}
	}
}

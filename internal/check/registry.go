package check

import (
	"strconv"

	"berth/internal/config"
	"berth/internal/model"
)

// missingSecrets speaks of secrets that the file names and that are not there: no task could log in.
func missingSecrets(c *config.Config, f model.Facts) []config.Fault {
	var out []config.Fault
	for _, r := range c.Registries {
		if r.SecretARN == "" || !f.Registries[r.Host].Missing {
			continue
		}
		out = append(out, fault(c, config.Fault{
			Summary: "there is no secret " + strconv.Quote(r.SecretARN),
			Detail:  "It does not exist, is scheduled for deletion, or belongs to an account that does not share it with this one.",
			Hint:    "look for it: aws secretsmanager list-secrets --region " + c.Region + " --include-planned-deletion --query 'SecretList[].ARN'",
		}, "registries."+r.Host+".secret_arn"))
	}
	return out
}

// unsetPasswords speaks of passwords that must be stored and that nobody gives.
func unsetPasswords(c *config.Config, f model.Facts) []config.Fault {
	var out []config.Fault
	for _, r := range c.Registries {
		if fact := f.Registries[r.Host]; !fact.Unset || !fact.Wanted {
			continue
		}
		fault := fault(c, config.Fault{
			Summary: "the password of the registry " + strconv.Quote(r.Host) + " is not set",
			Detail:  "It must be stored: none is so far, or not for the username " + r.Username + ".",
			Hint:    "set it and run this again: export " + r.PasswordEnv + "=…",
		}, "registries."+r.Host+".password_env", "registries."+r.Host+".password_file")
		if r.Store == config.S3 {
			fault.Detail = "All logins with store = \"s3\" are in one object: when it is written, all of them are needed."
		}
		if r.PasswordFile != "" {
			fault.Hint = "write it into " + r.PasswordFile + " and run this again"
		}
		out = append(out, fault)
	}
	return out
}

// keptPasswords is for information: the stored password stays while its source is not set.
func keptPasswords(in Input) []Finding {
	var out []Finding
	for _, r := range in.Config.Registries {
		if fact := in.Facts.Registries[r.Host]; !fact.Unset || fact.Wanted {
			continue
		}
		out = append(out, in.at(Finding{
			Severity: Info,
			Text:     "the password of the registry " + r.Host + " is stored, and " + r.Source() + " is not set: the stored one stays as it is",
			Fix:      "set it to store another one",
		}, "registries."+r.Host+".password_env", "registries."+r.Host+".password_file"))
	}
	return out
}

// sharedLogins is a warning: with S3 every container of an instance gets what only a few need.
func sharedLogins(in Input) []Finding {
	var out []Finding
	for _, r := range in.Config.Registries {
		if r.Store != config.S3 {
			continue
		}
		out = append(out, in.at(Finding{
			Severity: Warning,
			Text: "the login to " + r.Host + " lies in clear text in /etc/ecs/ecs.config on every instance, and every task of the cluster pulls with it, " +
				"whoever deployed it",
			Fix: `leave store out: then a secret holds it, and only tasks whose definition names the secret pull with it`,
		}, "registries."+r.Host+".store"))
	}
	return out
}

package plan

func kmsKeyRules() map[string]Rule {
	return map[string]Rule{
		"alias":         update("the key is found by it"),
		"description":   update("says what it is for"),
		"policy":        update("EventBridge and SNS must be let in, or messages vanish"),
		"enabled":       update("nothing reaches the topic without its key"),
		"rotation_days": update("its material is replaced once a year"),
	}
}

func topicRules() map[string]Rule {
	return map[string]Rule{
		"name":              replace("a topic's name is for ever"),
		"display_name":      update("who the mails are from"),
		"policy":            update("only the cluster's own rules may publish"),
		"kms_key":           update("messages are encrypted"),
		"signature_version": update("receivers can tell who posts"),
	}
}

func subscriptionRules() map[string]Rule {
	return map[string]Rule{
		"protocol": replace("a subscription is for ever"),
		"address":  replace("a subscription is for ever"),
	}
}

func queueRules() map[string]Rule {
	return map[string]Rule{
		"name":               replace("a queue's name is for ever"),
		"policy":             update("only the cluster's own rules may send"),
		"encryption":         update("messages are encrypted"),
		"retention_seconds":  update("how long an event can be read"),
		"visibility_seconds": update("how long a reader has for it"),
		"wait_seconds":       update("an empty read costs as much as a full one"),
		"dead_letters":       update("what cannot be read is put aside"),
		"max_receives":       update("what cannot be read is put aside"),
	}
}

func eventRuleRules() map[string]Rule {
	return map[string]Rule{
		"name":           replace("a rule's name is for ever"),
		"description":    update("says what it is about and whose it is"),
		"pattern":        update("which events it picks"),
		"enabled":        update("it picks nothing while it is off"),
		"target":         update("who gets them"),
		"message_values": update("what the message quotes"),
		"message":        update("what people read"),
		"dead_letters":   update("events that cannot be delivered are kept"),
		"target_extras":  update("a role that EventBridge cannot take on keeps every event away"),
	}
}

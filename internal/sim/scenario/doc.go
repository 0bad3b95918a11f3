// Package scenario is the language in which people break the simulated AWS and say what must hold meanwhile: one sentence
// a line, after "at TIME" where it is not for now, with comments after "#".
//
//	# A zone fails while a service is being replaced.
//	assert service web never below 2 healthy
//	at 2m  zone eu-west-1a down for 10m
//	at 3m  refuse ecs.UpdateService with ThrottlingException for 30s
//
// In goes text. Out come sentences, as the form that each has and the words in its places, or every fault of the text with
// its line and what was expected there. Forms lists all that can be said. It must never know how a fault is done: the
// simulator keeps a function for every form.
package scenario

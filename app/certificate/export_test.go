package certificate

// WordList are all words that a pin can have.
var WordList = words

// WholeIn is wholeIn.
var WholeIn = wholeIn
